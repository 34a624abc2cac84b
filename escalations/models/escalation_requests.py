from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Case, User
from cases.models.visibility import seen_case


class OfCaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows of cases that the user may see."""
        return self.filter(seen_case(user, "case"))


class EscalationQuerySet(OfCaseQuerySet):
    def visible_to(self, user):
        """Escalations of cases that the user may see; those that the sweep has yet to make are nobody's."""
        return super().visible_to(user).exclude(state=Escalation.State.DUE)

    def active(self):
        """Those that wait for a decision or are worked on."""
        return self.filter(state__in=Escalation.ACTIVE)

    def ended(self):
        """Those that were declined, resolved or withdrawn."""
        return self.filter(state__in=Escalation.ENDED)


class Escalation(models.Model):
    """A request for more than normal service on a case, or for its RCA; one active per case, held by the database (SPEC 6).

    The customer's words live here alone: the timeline names the request and carries no copy, so that removing them is one UPDATE. What the
    care team answers (why it declines, what came of it) are the words of the timeline's activities.
    """

    class Kind(models.TextChoices):
        CASE = "CASE", _("Case escalation")
        RCA = "RCA", _("RCA escalation")

    class State(models.TextChoices):
        DUE = "DUE", _("About to be made")  # automatic: the breach is announced, `escalations.automatic` makes the rest of it
        REQUESTED = "REQUESTED", pgettext_lazy("escalation", "Requested")
        ACCEPTED = "ACCEPTED", pgettext_lazy("escalation", "Accepted")
        IN_PROGRESS = "IN_PROGRESS", pgettext_lazy("escalation", "In progress")
        DECLINED = "DECLINED", pgettext_lazy("escalation", "Declined")
        RESOLVED = "RESOLVED", pgettext_lazy("escalation", "Resolved")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("escalation", "Withdrawn")  # automatic: the target was not missed after all

    ENDED = (State.DECLINED, State.RESOLVED, State.WITHDRAWN)
    ACTIVE = (State.REQUESTED, State.ACCEPTED, State.IN_PROGRESS)
    WORDS = ("description", "impact", "urgency")  # what the customer wrote, and a redaction removes

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.CASE)
    level_code = models.CharField(_("level"), max_length=16)  # of the policy's levels: CASE, TAM, MANAGEMENT …
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.REQUESTED)
    is_automatic = models.BooleanField(_("automatic"), default=False)
    cause = models.CharField(_("cause"), max_length=20, blank=True)  # automatic: the kind of the target that was missed
    cause_at = models.DateTimeField(_("missed at"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True)
    impact = models.TextField(_("business impact"), blank=True)
    urgency = models.TextField(_("why it is urgent"), blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    requested_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("requested by")
    )  # None: automatic
    requested_at = models.DateTimeField(_("requested at"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("escalation owner")
    )
    promised_at = models.DateTimeField(_("next update promised for"), null=True, blank=True)
    promise_made_at = models.DateTimeField(_("promised at"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    is_satisfied = models.BooleanField(_("the customer is satisfied"), null=True, blank=True)  # None: not answered
    redacted_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        permissions = [
            ("decide_escalation", "Can decide and lead escalations"),
            ("export_escalation", "Can export escalations"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["REQUESTED", "ACCEPTED", "IN_PROGRESS"]), name="one_active_escalation"
            ),
            models.UniqueConstraint(
                fields=["case", "cause", "cause_at"], condition=Q(is_automatic=True), name="escalated_once_for_each_breach"
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"],
                condition=Q(state__in=["REQUESTED", "ACCEPTED", "IN_PROGRESS"]),
                name="active_escalation",
            ),
            models.Index(fields=["cause_at"], condition=Q(state="DUE"), name="escalation_to_make"),
        ]

    def __str__(self):
        return f"{self.case} {self.level_code}"

    @property
    def is_active(self):
        return self.state in self.ACTIVE


class EscalationReminder(models.Model):
    """*Tell me when I can*: a contact is mailed as soon as the criteria hold; asked again each time `ask_at` comes (SPEC 6)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", verbose_name=_("case"))
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=4, choices=Escalation.Kind, default=Escalation.Kind.CASE)
    ask_at = models.DateTimeField(_("to be asked at"), null=True, db_index=True)  # None: told, or no longer wanted

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder of an escalation")
        verbose_name_plural = _("reminders of escalations")
        constraints = [models.UniqueConstraint(fields=["case", "user", "kind"], name="one_reminder_each")]

    def __str__(self):
        return f"{self.case} {self.user}"
