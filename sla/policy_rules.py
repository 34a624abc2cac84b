"""A support policy as plain values: what a pack file says, checked and typed (SPEC 5, 6 and the table "The five packs").

Built by `sla.pack_files` from a pack file or from the JSON that `PolicyVersion.rules` keeps; read by the pure clock and
escalation rules and by pages. Texts are dicts by language code; `en` is always there. A field added later needs a default:
versions that are already published do not have it.
"""

from dataclasses import dataclass, field

Text = dict[str, str]

# --- units of a duration (Duration.unit) -------------------------------------------------------------------------------
MINUTES = "MINUTES"  # calendar time
HOURS = "HOURS"  # calendar time
BUSINESS_MINUTES = "BUSINESS_MINUTES"
BUSINESS_HOURS = "BUSINESS_HOURS"
BUSINESS_DAYS = "BUSINESS_DAYS"  # N × the calendar's usual day, counted through open windows
END_OF_BUSINESS_DAY = "END_OF_BUSINESS_DAY"  # closing time of the Nth business day after the start's own day
UNITS = (MINUTES, HOURS, BUSINESS_MINUTES, BUSINESS_HOURS, BUSINESS_DAYS, END_OF_BUSINESS_DAY)

# --- kinds of target ---------------------------------------------------------------------------------------------------
FIRST_RESPONSE = "FIRST_RESPONSE"
NEXT_RESPONSE = "NEXT_RESPONSE"
NEXT_UPDATE = "NEXT_UPDATE"
RESTORATION = "RESTORATION"
RESOLUTION = "RESOLUTION"
RCA = "RCA"
CONTACT_APPLICATION = "CONTACT_APPLICATION"
KINDS = (FIRST_RESPONSE, NEXT_RESPONSE, NEXT_UPDATE, RESTORATION, RESOLUTION, RCA, CONTACT_APPLICATION)

# --- what a case touches -----------------------------------------------------------------------------------------------
UNKNOWN, ISOLATED, PLATFORM, THIRD_PARTY = "UNKNOWN", "ISOLATED", "PLATFORM", "THIRD_PARTY"
SCOPES = (UNKNOWN, ISOLATED, PLATFORM, THIRD_PARTY)

PAUSES = ("customer", "third_party")  # what may stop a clock: awaiting the customer, awaiting a third party

CHANNELS = ("PORTAL", "PHONE", "CHAT", "EMAIL", "WEB_FORM", "MOBILE_APP", "SOCIAL")

# --- what the portal does with a priority ------------------------------------------------------------------------------
TAKEN = "TAKEN"  # like any other
TAKEN_WITH_PHONE = "TAKEN_WITH_PHONE"  # taken, a phone number is asked for, the phone numbers are shown
PHONE_ONLY = "PHONE_ONLY"  # refused in the portal: call
PORTAL_RULES = (TAKEN, TAKEN_WITH_PHONE, PHONE_ONLY)

CASE_TYPES = ("QUESTION", "REQUEST", "PROBLEM")

WEIGHTS = ("high", "medium", "low")  # how escalation criteria treat a severity

# --- what an agent's resolution does to a case -------------------------------------------------------------------------
PROPOSE = "PROPOSE"  # resolution proposed: the customer accepts, or the closing rule closes
CLOSE = "CLOSE"  # closed at once, with a summary and a question for feedback
RESOLVING = (PROPOSE, CLOSE)

# --- escalation criteria, in SPEC 6's own codes --------------------------------------------------------------------------
CRITERIA = (
    "closed_case",
    "awaiting_customer",
    "already_escalated",
    "update_unread",
    "low_priority",
    "urgency_change",
    "updated_recently",
    "rca_not_yet_due",
    "impact_not_significant",
)
LEVELS = ("CASE", "TAM", "MANAGEMENT", "TECHNICAL_TEAM", "QUEUE")

# --- how a customer asks for a higher priority ---------------------------------------------------------------------------
WAYS = ("WORK_NOTE", "PHONE", "CASE_OWNER", "CARE_TEAM")

# --- what a note is about: the page shows it beside that part ------------------------------------------------------------
TOPICS = (
    "SEVERITY",
    "PRIORITY",
    "HOURS",
    "TARGETS",
    "PAUSES",
    "CLOSING",
    "ESCALATION",
    "CONTACTS",
    "CHANNELS",
    "PHONES",
    "RCA",
    "INTAKE",
    "ENTITLEMENT",
)


@dataclass(frozen=True, slots=True)
class Duration:
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class SeverityLevel:
    rank: int  # 1 is the most severe
    code: str  # critical, high, medium, low; critical, major, minor
    name: Text  # "1 – Critical"
    definition: Text
    weight: str  # how escalation criteria treat it: high, medium or low
    also_called: Text | None = None  # "code red"
    response_definition: Text | None = None  # the response table's own words, where the guide has them
    examples: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Priority:
    code: str
    name: Text
    definition: Text
    severity_rank: int | None  # the severity a new case starts at; None where the policy has no severities
    portal: str = TAKEN  # TAKEN, TAKEN_WITH_PHONE or PHONE_ONLY


@dataclass(frozen=True, slots=True)
class PriorityChange:
    """How a customer asks to go from one priority to a higher one."""

    current: str  # a priority's code; empty: whatever it is now
    wanted: str  # a priority's code
    ways: tuple[str, ...]  # of WAYS, the preferred one first
    clause: Text


@dataclass(frozen=True, slots=True)
class Measure:
    """What a kind of target measures, and what meets it: time to restore and time to resolve are two figures."""

    kind: str
    definition: Text
    met_by: Text | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One promise. The first target of a kind whose conditions all hold is the one that counts; an empty condition always holds."""

    code: str  # unique in the policy, e.g. "restoration-2"
    kind: str
    clause: Text  # the policy's sentence, shown in the explanation
    duration: Duration | None  # None: no target, and `reason` says why
    reason: Text | None = None
    severities: tuple[int, ...] = ()
    plans: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()  # of PAUSES; never for a first response


@dataclass(frozen=True, slots=True)
class ClosingRule:
    after: Duration
    closes: bool  # True: closed by the portal; False: subject to closure, the owner closes in one step
    clause: Text
    notice_hours: int = 24


@dataclass(frozen=True, slots=True)
class EscalationLevel:
    code: str  # CASE, TAM, MANAGEMENT, TECHNICAL_TEAM, QUEUE
    name: Text
    clause: Text  # how it is asked for, and what happens
    mail: str = ""  # the management address, where the level is a mail
    language: str = "en"  # in which that address is written to


@dataclass(frozen=True, slots=True)
class EscalationRules:
    criteria: tuple[str, ...] = ()  # of CRITERIA, in the order in which they are told
    clauses: dict[str, Text] = field(default_factory=dict)  # criterion -> the policy's own sentence
    quiet: dict[str, Duration] = field(default_factory=dict)  # weight -> time since the latest care update
    impact_weights: tuple[str, ...] = ()  # weights that need a significant business impact
    levels: tuple[EscalationLevel, ...] = ()
    automatic_on: tuple[str, ...] = ()  # kinds of target whose breach escalates by itself
    review_on: tuple[str, ...] = ()  # kinds of target whose breach is reviewed with all teams involved


@dataclass(frozen=True, slots=True)
class RcaRules:
    """Which RCA documents and summaries are owed beyond the RCA target itself (severities, scope and due time are the target's)."""

    clause: Text
    further_documents: Text
    meeting: Text
    on_request: bool = False  # customers can also ask for it in the case
    preliminary_severities: tuple[int, ...] = ()  # a short first RCA when such a case closes
    follow_up_priority: str = ""  # a follow-up case of this priority stays open until the RCA is published
    incident_summary: Text | None = None  # told in the case after restoration
    isolated_summary_severities: tuple[int, ...] = ()  # isolated cases of these get a case summary and no RCA
    isolated_summary: Text | None = None


@dataclass(frozen=True, slots=True)
class Offering:
    code: str
    name: Text
    description: Text
    hours: Text
    channels: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()  # empty: needs none
    support_region: str = ""  # us_only or eea_only: a model of its own for these customers
    country: str = ""  # shown to this country's customers only
    url: str = ""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    region: str  # code: emea, americas, apac, japan, …
    name: Text
    number: str


@dataclass(frozen=True, slots=True)
class Link:
    code: str  # status_page, sign_in, areas_of_responsibility, troubleshooting, guide, overview, lost_access_mail …
    name: Text
    url: str
    country: str = ""  # shown to this country's customers only


@dataclass(frozen=True, slots=True)
class IntakeField:
    code: str  # a field of the intake form: description, business_impact, conversation_ids, api_request, …
    required: bool = False
    help: Text | None = None  # what belongs in it, and how to find the value


@dataclass(frozen=True, slots=True)
class CaseType:
    """What a customer chooses first: a question, a request or a problem."""

    code: str  # of CASE_TYPES
    definition: Text


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A line of the check-list before a case is opened."""

    code: str
    text: Text
    link: str = ""  # code of a link of the policy


@dataclass(frozen=True, slots=True)
class ContactRules:
    who: str  # DESIGNATED, ANY or ENTITLEMENT
    backup: str  # NONE, WANTED or MUST
    becoming: Text  # how a person becomes a contact
    steps: tuple[Text, ...] = ()  # what an applicant confirms


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas of responsibility: a versioned text; which version a contact confirmed is kept."""

    version: int
    vendor: tuple[Text, ...]
    customer: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class EntitlementRules:
    cases: int
    taken_on: str  # CREATION or RESOLUTION
    clause: Text
    exhausted: str = "FLAG"  # FLAG: the case is taken and marked; REFUSE: not taken, but severity 1 always is


@dataclass(frozen=True, slots=True)
class Named:
    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Note:
    """Our assumption where the guide is silent, or a figure that is ours."""

    about: str  # of TOPICS
    text: Text


@dataclass(frozen=True, slots=True)
class PolicyRules:
    code: str
    version: int
    language: str  # the guide's own language
    name: Text
    summary: Text
    source: str
    calendar: str  # code of the sla.Calendar its business time runs in
    hours: Text  # that calendar in a sentence
    decided_by: str  # VENDOR or BOTH
    decision: Text  # who decides the severity, and how
    severities: tuple[SeverityLevel, ...]
    priorities: tuple[Priority, ...]
    measures: tuple[Measure, ...]
    targets: tuple[Target, ...]
    resolving: str  # PROPOSE or CLOSE
    awaiting_customer: ClosingRule | None
    resolution_proposed: ClosingRule | None
    reopen_days: int
    warn_percent: int
    rca_reminder_days: tuple[int, ...]
    escalation: EscalationRules
    offerings: tuple[Offering, ...]
    phones: tuple[PhoneNumber, ...]
    links: tuple[Link, ...]
    intake: tuple[IntakeField, ...]
    contacts: ContactRules
    updates: Text | None = None  # how the customer is kept informed between first response and resolution
    priority_changes: tuple[PriorityChange, ...] = ()
    rca: RcaRules | None = None
    case_types: tuple[CaseType, ...] = ()
    checklist: tuple[CheckItem, ...] = ()
    advice: tuple[Text, ...] = ()  # what to do and not to do, told at intake
    areas: Areas | None = None
    product_areas: tuple[Named, ...] = ()
    plans: tuple[Named, ...] = ()
    licenses: tuple[Named, ...] = ()
    entitlement: EntitlementRules | None = None
    support_languages: tuple[str, ...] = ("en", "fr", "ja", "ru")  # beyond our four: routed to a queue, English as fallback
    notes: tuple[Note, ...] = ()  # our assumptions where the guide is silent

    def severity(self, rank: int | None) -> SeverityLevel | None:
        """The level of this rank, or None where the policy does not know it."""
        return next((level for level in self.severities if level.rank == rank), None)

    def priority(self, code: str) -> Priority | None:
        """The priority of this code, or None."""
        return next((priority for priority in self.priorities if priority.code == code), None)
