from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .people import User
from .visibility import seen_case


class UrgencyRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Requests in visible cases."""
        return self.filter(seen_case(user, "case"))

    def unanswered(self):
        """Those that the care team has not answered, in cases that are open."""
        return self.filter(state=UrgencyRequest.State.ASKED).exclude(case__status=Case.Status.CLOSED)


class UrgencyRequest(models.Model):
    """A contact asks for a higher priority, or contests the severity (SPEC 3); the words are in the timeline. One unanswered of each kind."""

    class Kind(models.TextChoices):
        PRIORITY = "PRIORITY", _("Higher priority requested")
        SEVERITY = "SEVERITY", _("Severity contested")

    class State(models.TextChoices):
        ASKED = "ASKED", _("Requested")
        GRANTED = "GRANTED", _("Granted")
        DECLINED = "DECLINED", _("Declined")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="urgency_requests", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    wanted_code = models.CharField(_("wanted priority"), max_length=16, blank=True)  # empty: a severity is contested
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("requested by"))
    asked_at = models.DateTimeField(_("requested at"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = UrgencyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority request")
        verbose_name_plural = _("priority requests")
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=Q(state="ASKED"), name="one_unanswered_request_of_a_kind")
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="ASKED"), name="unanswered_urgency_request")]

    def __str__(self):
        return f"{self.case} {self.kind}"
