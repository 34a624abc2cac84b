"""The mails about a case: what each carries, and nothing else. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMail:
    """What every mail about a case carries. Moments are aware datetimes, names are in the reader's language."""

    frame: ClassVar[str] = "frame"  # templates/mail/_<frame>.html and .txt
    headers: ClassVar[dict] = {}

    reader: str  # the name in the greeting
    number: str
    url: str
    # what was written, filled in when the mail is sent
    subject: str = ""
    words: str = ""
    words_language: str = ""  # empty: not known

    @property
    def thread(self):
        """What mail programs show together."""
        return f"case-{self.number.lower()}"


WRITTEN = frozenset({"subject", "words", "words_language"})  # of CaseMail; never kept in the outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChanged(CaseMail):
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(CaseMail):
    """To the new case owner."""

    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged(CaseMail):
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChanged(CaseMail):
    before: str  # empty where there was none
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationChanged(CaseMail):
    """When the care team expects the case to be resolved; `before_at`: what it expected until now."""

    expected_at: datetime
    before_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(CaseMail):
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAnswer(CaseMail):
    """To the case owner: what the customer wrote."""

    author: str
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityAsked(CustomerAnswer):
    """To the case owner: the customer asks for a higher priority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityContested(CustomerAnswer):
    """To the case owner: the customer does not agree with the severity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyAnswer(CaseMail):
    """The priority or the severity stays as it is; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(CaseMail):
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(CaseMail):
    """A case was opened that follows another one."""

    original: str  # its number
    is_for_rca: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(CaseMail):
    """Something was delivered into the case: RCA, preliminary RCA, case summary."""

    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(CaseMail):
    """The automatic acknowledgment: never a response."""

    response_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingYou(CaseMail):
    closes_at: datetime | None = None
    is_closed_then: bool = False  # closed by the portal; otherwise subject to closure


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(CaseMail):
    closes_at: datetime | None = None
    is_closed_then: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingNotice(CaseMail):
    closes_at: datetime
    is_closed_then: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectToClosure(CaseMail):
    """To the case owner, who may close in one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRefused(CaseMail):
    """Malware was found in a file that had been sent: its name is the mail's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetWarning(CaseMail):
    """To the case owner: most of the time of a target is used up."""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RcaDue(CaseMail):
    """To whoever writes the document, or could begin it. `document`: its number, else that of the incident or case."""

    document: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingArranged(CaseMail):
    """To the customers: the words are the place. With an invitation file."""

    request: int  # which meeting it is, the same in every file
    meets_at: datetime
    ends_at: datetime
    arranged_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetMissed(CaseMail):
    """To the case owner."""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetNotMissed(CaseMail):
    """To the case owner: what was logged late shows that the target was not missed."""

    clock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(CaseMail):
    reopen_until: datetime | None = None


# --- escalations -------------------------------------------------------------------------------------------------------
