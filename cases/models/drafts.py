import re
import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .people import Organization, User

SPEAKABLE = "ACDEFGHJKLMNPQRTUVWXY34679"  # no letter that sounds or looks like another's digit
CODE = re.compile(rf"[{SPEAKABLE}]{{6}}")
FORMS_OF_DRAFTS = uuid.UUID("2f0f6b5e-8a43-4b0e-9d8e-0f6f5b3c7a11")  # any fixed one: a draft's code gives its form's key


def is_code(text):
    """Does a text look like the code of a draft?"""
    return bool(CODE.fullmatch(text))


def speakable_code():
    """A short code that can be read out on the phone, such as "K7QF3M"."""
    return "".join(secrets.choice(SPEAKABLE) for _index in range(6))


def key_of_draft(code):
    """The idempotency key of the form that sends a draft: however often and from wherever it is sent, it opens one case (SAFETY 5)."""
    return uuid.uuid5(FORMS_OF_DRAFTS, code)


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own drafts only. (Staff take up a refused critical draft by its code: `with_code`.)"""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def with_code(self, code, *, user):
        """The refused critical draft of this code, for care staff cleared for its organization's region."""
        code = code.strip().upper()
        if not user.is_staff or not is_code(code):
            return self.none()
        return self.filter(code=code, refused_at__isnull=False, organization__in=Organization.objects.visible_to(user))


class Draft(models.Model):
    """What somebody has typed and attached but not sent: saved while typing, so that nothing is ever lost (SPEC 2, UX 4.7)."""

    class Kind(models.TextChoices):
        CASE = "CASE", _("New case")
        REPLY = "REPLY", _("Reply")
        NOTE = "NOTE", _("Internal note")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts", verbose_name=_("case"))
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("organization")
    )
    data = models.JSONField(_("data"), default=dict, blank=True)  # form field -> text as typed, secrets masked
    code = models.CharField(_("code"), max_length=8, unique=True, default=speakable_code)
    refused_at = models.DateTimeField(_("sent to the phone at"), null=True, blank=True)  # critical: must be reported by phone
    updated_at = models.DateTimeField(_("updated at"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "case"],
                condition=models.Q(case__isnull=False),
                name="one_draft_of_a_kind_for_a_case",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def title(self):
        """How a person knows it again: its subject, or the beginning of its text."""
        return self.data.get("subject") or self.data.get("text", "")[:100]

    @property
    def is_masked(self):
        """Was something masked in what was typed?"""
        return bool(self.data.get("masked"))


class SubmittedFormQuerySet(models.QuerySet):
    def of_draft(self, code):
        """The sending of the draft of this code: at most one, since a draft becomes one case."""
        return self.filter(key=key_of_draft(code.strip().upper()))


class SubmittedForm(models.Model):
    """A form that was sent, by its idempotency key: a double click, Back or a retry finds the first effect again (SAFETY 5)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    result_url = models.CharField(max_length=300)  # where the first submission led
    submitted_at = models.DateTimeField()

    objects = SubmittedFormQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "user"], name="form_sent_once")
        ]  # in this order: `of_draft` asks for the key

    def __str__(self):
        return str(self.key)

    @property
    def case_number(self):
        """The case to which the form led: "/cases/CS-1000042/sent/" is CS-1000042's."""
        return self.result_url.split("/")[2]


def case_of_draft(code, *, user):
    """The case that the draft of this code became, sent in the portal or taken up by phone, if the user may see it; else None."""
    sent = SubmittedForm.objects.of_draft(code).first() if code else None
    return sent and Case.objects.visible_to(user).numbered(sent.case_number).first()
