"""A person's way to a new case: whose draft it is, for which organization, under which policy, and whether it was sent already (UX C3–C6)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import cached_property

from sla.policy_rules import PHONE_ONLY

from .intake_form import IntakeForm
from .models import Activity, Attachment, Case, Draft, Organization, SubmittedForm, User
from .models.drafts import key_of_draft, speakable_code
from .policy_sheet import sheet_of
from .secret_masking import mask
from .text_cleaning import clean_characters, clean_line


def contacts_organizations(user):
    """The organizations for which the user may open cases, by name."""
    return Organization.objects.visible_to(user).of_contact(user).order_by("name", "pk")


@dataclass
class NewCase:
    """Everything that the pages of a new case ask about one draft. `code` is the draft's, which may not be written yet."""

    user: User
    code: str
    now: datetime

    @cached_property
    def organizations(self) -> list[Organization]:
        """All for which the person may open cases."""
        return list(contacts_organizations(self.user))

    @cached_property
    def draft(self) -> Draft | None:
        """The draft of this code, if it is the person's own and of a new case."""
        return Draft.objects.visible_to(self.user).filter(kind=Draft.Kind.CASE, code=self.code).first()

    @cached_property
    def organization(self) -> Organization | None:
        """The draft's organization while the person may open cases for it; without one, the only one there is."""
        if self.draft and self.draft.organization_id:
            return next((each for each in self.organizations if each.pk == self.draft.organization_id), None)
        return self.organizations[0] if len(self.organizations) == 1 else None

    @cached_property
    def sheet(self):
        """The support policy that counts for the organization."""
        return sheet_of(self.organization, at=self.now)

    @property
    def attachments(self) -> QuerySet[Attachment]:
        """The files of the draft, in the order in which they came."""
        return self.draft.attachments.order_by("pk") if self.draft else Attachment.objects.none()

    @property
    def data(self) -> dict:
        """What was typed so far."""
        return self.draft.data if self.draft else {}

    @cached_property
    def follows(self) -> Case | None:
        """The closed case that the draft was begun from, while the person sees it."""
        number = self.data.get("follows")
        visible = Case.objects.visible_to(self.user).filter(organization=self.organization)
        return visible.numbered(number).first() if number else None

    @property
    def masked(self) -> bool:
        """Was something masked in what was typed or attached?"""
        return bool(self.draft and self.draft.is_masked) or any(attachment.masked for attachment in self.attachments)

    @property
    def is_foreign(self) -> bool:
        """The code belongs to a draft that is not this person's, or not of a new case."""
        return self.draft is None and Draft.objects.filter(code=self.code).exists()

    @property
    def is_open(self) -> bool:
        """There is an organization, and its license includes the portal."""
        return self.organization is not None and self.sheet.includes(Case.Channel.PORTAL)

    @property
    def is_for_the_phone(self) -> bool:
        """The priority chosen must be reported by phone: nothing else of the form matters now (SPEC 2)."""
        priority = self.sheet.rules.priority(self.data.get("priority_code", ""))
        return priority is not None and priority.portal == PHONE_ONLY

    @property
    def is_critical_for_the_phone(self) -> bool:
        """Does the policy keep its critical priority for the phone?"""
        return any(priority.severity_rank == 1 and priority.portal == PHONE_ONLY for priority in self.sheet.rules.priorities)

    def form(self):
        """The form with what was typed so far, unchecked."""
        return self._form(None)

    def checked_form(self):
        """The form bound to what was typed so far, under the key that sends this draft once."""
        return self._form({**self.data, "key": str(key_of_draft(self.code))})

    def _form(self, data):
        return IntakeForm(
            data,
            sheet=self.sheet,
            organizations=self.organizations,
            contact=self.user,
            now=self.now,
            initial=dict(self.data),
        )

    @cached_property
    def sent(self) -> SubmittedForm | None:
        """The sending of this draft, if it was sent, or taken up by the care team."""
        return SubmittedForm.objects.of_draft(self.code).filter(user=self.user).first()

    @property
    def sent_url(self) -> str | None:
        """Where the sending of this draft led, if it was sent."""
        return self.sent and self.sent.result_url

    @cached_property
    def sent_case(self) -> Case | None:
        """The case that the draft became."""
        return self.sent and Case.objects.visible_to(self.user).numbered(self.sent.case_number).first()

    @property
    def taken_case(self) -> Case | None:
        """The case that the care team opened from the draft when the person called."""
        return self.sent_case if self.sent_case and self.sent_case.channel == Case.Channel.PHONE else None

    def is_what_was_sent(self, data):
        """Is this the very text of the case that the draft became? (A second click; not the next problem, typed into the same page.)"""
        case = self.sent_case
        opened = case and case.activities.filter(kind=Activity.Kind.OPENED).select_related("text_row").first()
        if not opened or _as_stored(clean_line(data.get("subject", ""))) != case.subject:
            return False
        return _as_stored(data.get("description", "")) == opened.text_row.text


def _as_stored(text):
    return mask(clean_characters(text)).text


def new_code():
    """A code for a draft that is written at the first word."""
    return speakable_code()
