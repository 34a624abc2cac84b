"""A support policy as plain values: what a pack file says, checked and typed (SPEC 5, 6 and the table "The five packs").

Built by `sla.pack_files` from a pack file or from the JSON that `PolicyVersion.rules` keeps; read by the pure clock and
escalation rules and by pages. Texts are dicts by language code; `en` is always there.
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

CHANNELS = ("PORTAL", "PHONE", "CHAT", "EMAIL", "WEB_FORM", "MOBILE_APP", "SOCIAL")

# --- what the portal does with a priority ------------------------------------------------------------------------------
TAKEN = "TAKEN"  # like any other
TAKEN_WITH_PHONE = "TAKEN_WITH_PHONE"  # taken, a phone number is asked for, the phone numbers are shown
PHONE_ONLY = "PHONE_ONLY"  # refused in the portal: call
PORTAL_RULES = (TAKEN, TAKEN_WITH_PHONE, PHONE_ONLY)


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
    response_definition: Text | None = None  # the response table's own words, where the guide has them
    examples: Text | None = None


@dataclass(frozen=True, slots=True)
class Priority:
    code: str
    name: Text
    definition: Text
    severity_rank: int | None  # the severity a new case starts at; None where the policy has no severities
    portal: str = TAKEN  # TAKEN, TAKEN_WITH_PHONE or PHONE_ONLY


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
    pauses: tuple[str, ...] = ()  # "customer", "third_party"


@dataclass(frozen=True, slots=True)
class ClosingRule:
    after: Duration
    closes: bool  # True: closed by the portal; False: subject to closure, the owner closes in one step
    notice_hours: int = 24
    clause: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EscalationLevel:
    code: str  # CASE, TAM, MANAGEMENT, TECHNICAL_TEAM, QUEUE
    name: Text
    mail: str = ""  # the management address, where the level is a mail


@dataclass(frozen=True, slots=True)
class EscalationRules:
    criteria: tuple[str, ...] = ()  # codes of SPEC 6, in the order in which they are told
    quiet: dict[str, Duration] = field(default_factory=dict)  # weight -> time since the latest care update
    impact_weights: tuple[str, ...] = ()  # weights that need a significant business impact
    levels: tuple[EscalationLevel, ...] = ()
    automatic_on: tuple[str, ...] = ()  # kinds of target whose breach escalates by itself
    raise_priority: dict[str, Text] = field(default_factory=dict)  # "medium", "high" -> how to ask for it


@dataclass(frozen=True, slots=True)
class Offering:
    code: str
    name: Text
    description: Text
    hours: Text
    channels: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()  # empty: free, for everybody
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
    help: Text | None = None  # how to find the value


@dataclass(frozen=True, slots=True)
class ContactRules:
    who: str  # DESIGNATED, ANY or ENTITLEMENT
    backup: str  # NONE, WANTED or MUST
    steps: tuple[Text, ...] = ()  # what an applicant confirms


@dataclass(frozen=True, slots=True)
class EntitlementRules:
    cases: int
    taken_on: str  # CREATION or RESOLUTION


@dataclass(frozen=True, slots=True)
class Named:
    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class PolicyRules:
    code: str
    version: int
    language: str  # the guide's own language
    name: Text
    summary: Text
    source: str
    calendar: str  # code of the sla.Calendar its business time runs in
    decided_by: str  # VENDOR or BOTH
    severities: tuple[SeverityLevel, ...]
    priorities: tuple[Priority, ...]
    targets: tuple[Target, ...]
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
    plans: tuple[Named, ...] = ()
    licenses: tuple[Named, ...] = ()
    entitlement: EntitlementRules | None = None
    notes: tuple[Text, ...] = ()  # our assumptions where the guide is silent

    def severity(self, rank: int | None) -> SeverityLevel | None:
        """The level of this rank, or None where the policy does not know it."""
        return next((level for level in self.severities if level.rank == rank), None)

    def priority(self, code: str) -> Priority | None:
        """The priority of this code, or None."""
        return next((priority for priority in self.priorities if priority.code == code), None)
