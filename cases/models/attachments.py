import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .activities import Activity
from .cases import Case
from .drafts import Draft
from .people import User
from .visibility import seen_activity


def storage_key(instance, filename):
    """A generated key: the customer's file name never becomes a path (SAFETY 8)."""
    key = uuid.uuid4().hex
    return f"attachments/{key[:2]}/{key}"


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of activities the user may see, and of one's own drafts."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(seen_activity(user, "activity") | Q(draft__user=user))


class Attachment(models.Model):
    """A file. It belongs to a draft first, then to the activity it was sent with."""

    class Scan(models.TextChoices):
        NOT_CONFIGURED = "NOT_CONFIGURED", _("Not scanned")
        PENDING = "PENDING", _("Checking file")
        CLEAN = "CLEAN", _("No malware found")
        INFECTED = "INFECTED", _("Malware found")

    draft = models.ForeignKey(
        Draft, on_delete=models.SET_NULL, null=True, blank=True, related_name="attachments", verbose_name=_("draft")
    )
    activity = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("activity"),
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name=_("case")
    )
    file = models.FileField(_("file"), upload_to=storage_key, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    content_type = models.CharField(_("content type"), max_length=100)
    digest = models.CharField(_("digest"), max_length=64)
    masked = models.JSONField(_("masked secrets"), default=list, blank=True)  # kinds of secret masked in it before it was stored
    scan = models.CharField(_("malware scan"), max_length=14, choices=Scan, default=Scan.NOT_CONFIGURED)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [models.Index(fields=["id"], condition=Q(scan="PENDING"), name="attachment_to_scan")]

    def __str__(self):
        return self.name

    @property
    def is_held(self):
        """May nobody download it: not checked yet, or harmful?"""
        return self.scan in (self.Scan.PENDING, self.Scan.INFECTED)
