from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .activities import Activity
from .cases import Case
from .people import User
from .visibility import NOTHING, seen_case


class OutboxQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Mails about visible cases; those about no case for care staff."""
        about_none = models.Q(case=None) if user.is_staff else NOTHING
        return self.filter(seen_case(user, "case") | about_none)

    def due(self, now):
        """What may be taken up: waiting for its turn, or claimed by a sender that never came back (its claim ran out)."""
        return self.filter(state__in=(OutboxMessage.State.QUEUED, OutboxMessage.State.SENDING), next_attempt_at__lte=now)


class OutboxMessage(models.Model):
    """A mail that was promised: written in the transaction of its cause, sent by the worker, retried, visible when stuck (SPEC 10, SAFETY 4)."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("Waiting to be sent")
        SENDING = "SENDING", _("Being sent")
        SENT = "SENT", pgettext_lazy("mail", "Sent")
        PARKED = "PARKED", _("Stuck")  # a person must look: too many attempts, or too old to be sent unseen
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")  # the recipient lost access, or the text was removed, before it left

    event = models.CharField(_("event"), max_length=80)  # e.g. "activity:812"
    recipient = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recipient")
    )
    address = models.EmailField(_("address"))  # the reader's when it was queued; from the sending on, where it went
    channel = models.CharField(_("channel"), max_length=8, default="EMAIL")
    template = models.CharField(_("template"), max_length=40)  # templates/mail/<template>.html, a kind of `cases.mails`
    language = models.CharField(_("language"), max_length=5)
    time_zone = models.CharField(_("time zone"), max_length=64)
    data = models.JSONField(_("data"), default=dict)  # the template's small dataclass, as a dict: facts, no words
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("activity")
    )  # whose words it carries: read when it is sent, so that redaction reaches queued mail
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("case"))
    message_id = models.CharField(_("message ID"), max_length=200)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created at"))
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient", "channel"], name="reader_told_once"
            ),  # whatever their address is then
            models.UniqueConstraint(
                fields=["event", "address", "channel"], condition=models.Q(recipient=None), name="address_told_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], condition=models.Q(state__in=["QUEUED", "SENDING"]), name="outbox_due"
            ),
        ]

    def __str__(self):
        return f"{self.template} {self.address}"
