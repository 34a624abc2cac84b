import secrets

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case, User
from cases.models.visibility import seen_case

from .incidents import Incident


def new_token():
    """What an acknowledging link carries: not to be guessed."""
    return secrets.token_urlsafe(24)


class OnCallPersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The care team knows who is on call; nobody else."""
        return self if user.is_authenticated and user.is_active and user.is_staff else self.none()

    def on_call(self):
        """Those who are called now, in their order."""
        return self.filter(is_on_call=True, user__is_active=True, user__is_staff=True).order_by("position", "pk")


class OnCallPerson(models.Model):
    """Who is woken for severity 1, in this order (SPEC 2): by mail, and by a webhook where there is one."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("user"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    webhook_url = models.URLField(
        _("webhook address"),
        blank=True,
        validators=[URLValidator(schemes=["https"], message=_("Enter an address that begins with https://."))],
        help_text=_("It gets a small JSON document with each call, without a customer's words."),
    )
    is_on_call = models.BooleanField(_("on call"), default=True)

    objects = OnCallPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("on-call person")
        verbose_name_plural = _("on-call people")
        ordering = ["position", "pk"]

    def __str__(self):
        return str(self.user)


class WakeUpQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Wake-ups for visible cases and for incidents: care staff only."""
        if not (user.is_authenticated and user.is_active and user.is_staff):
            return self.none()
        return self.filter(seen_case(user, "case") | Q(case__isnull=True))

    def with_token(self, token):
        """The wake-up that a mailed link speaks of, as a queryset of at most one."""
        return self.filter(token=token)


class WakeUp(models.Model):
    """One alarm: a severity-1 case or incident that somebody on call must acknowledge; repeated, then the next person (SPEC 2, 7)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("case"))
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("incident")
    )
    raised_at = models.DateTimeField(_("raised at"))
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person on call"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)  # calls of this person so far
    calls = models.PositiveSmallIntegerField(_("calls"), default=0)  # of anybody so far: names each notice once
    next_call_at = models.DateTimeField(_("next call at"), null=True, blank=True)  # None: acknowledged, or nobody is left
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acknowledged by")
    )
    token = models.CharField(max_length=64, default=new_token, unique=True, editable=False)

    objects = WakeUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("wake-up")
        verbose_name_plural = _("wake-ups")
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, incident__isnull=True) | Q(case__isnull=True, incident__isnull=False),
                name="wake_up_for_case_or_incident",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(acknowledged_at__isnull=True), name="one_open_wake_up_for_case"),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(acknowledged_at__isnull=True), name="one_open_wake_up_for_incident"
            ),
        ]
        indexes = [models.Index(fields=["next_call_at"], condition=Q(next_call_at__isnull=False), name="wake_up_due")]

    def __str__(self):
        return str(self.case or self.incident)
