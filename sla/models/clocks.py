from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Clock(models.Model):
    """The stored state of one clock of one case: a cache of what `sla.clock_rules` derives from the timeline, rebuildable at any time."""

    class State(models.TextChoices):
        RUNNING = "RUNNING", pgettext_lazy("sla", "Running")
        PAUSED = "PAUSED", _("Paused")
        MET = "MET", pgettext_lazy("sla", "Met")
        BREACHED = "BREACHED", _("Breached")  # past the due time and not met yet
        MISSED = "MISSED", _("Ended late")  # met or ended after the due time
        STOPPED = "STOPPED", _("Stopped")  # ended without being met and without a breach
        NO_TARGET = "NO_TARGET", _("No target")

    class Effect(models.TextChoices):
        WARN = "WARN", _("Warning")
        BREACH = "BREACH", _("Breach")
        NOTICE = "NOTICE", _("Closing notice")
        CLOSE = "CLOSE", _("Closing")
        PROMISE = "PROMISE", _("Promised update missed")

    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, db_index=False, related_name="clocks", verbose_name=_("case")
    )  # `one_clock_of_a_kind` begins with it
    kind = models.CharField(_("kind"), max_length=24)  # policy_rules.KINDS, and CLOSING
    target_code = models.CharField(_("target"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State)
    started_at = models.DateTimeField(_("started at"), null=True)
    due_at = models.DateTimeField(_("due at"), null=True)
    met_at = models.DateTimeField(_("met at"), null=True)
    breached_at = models.DateTimeField(_("breached at"), null=True)
    paused_at = models.DateTimeField(_("paused at"), null=True)
    pause_cause = models.CharField(_("cause of the pause"), max_length=16, blank=True)  # customer, third_party
    remaining_seconds = models.BigIntegerField(_("remaining seconds"), null=True)  # of target time, while paused
    next_effect = models.CharField(_("next effect"), max_length=8, choices=Effect, blank=True)
    next_effect_at = models.DateTimeField(_("next effect at"), null=True)
    warned_for = models.DateTimeField(_("warned for"), null=True)  # the due time that was warned about
    announced_for = models.DateTimeField(_("announced for"), null=True)  # the due time whose breach was announced

    noticed_at = models.DateTimeField(_("closing notice sent at"), null=True)  # CLOSING: no closing before it is old enough

    class Meta:
        verbose_name = _("SLA clock")
        verbose_name_plural = _("SLA clocks")
        permissions = [("report_clock", "Can see reports of SLA clocks")]
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="one_clock_of_a_kind")]
        indexes = [
            models.Index(
                fields=["next_effect_at", "id"],
                condition=models.Q(next_effect_at__isnull=False),
                name="clock_next_effect",
            ),
            models.Index(fields=["kind", "breached_at"], condition=models.Q(breached_at__isnull=False), name="clock_breached"),
            models.Index(
                fields=["due_at", "id"], condition=models.Q(kind="RCA", met_at__isnull=True), name="clock_of_rca_not_met"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.state}"
