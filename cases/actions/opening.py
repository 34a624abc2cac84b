"""Opening a case (SPEC 2, 3): the one way by which a case comes into being, whatever the channel."""

from django.db import transaction
from django.utils.translation import gettext as _

from sla.calendars import current_calendar_version
from sla.policies import current_version, default_policy, rules_of
from sla.policy_rules import PHONE_ONLY

from ..agreements import agreement_in_force
from ..decision import Refused
from ..models import Case, CaseDetails, ConversationReference
from ..models.cases import CRITICAL
from ..notifications import tell
from ..permissions import can_open_case, can_open_for_customer, standing_of
from ..policy_sheet import PolicySheet
from ..text_cleaning import clean_text
from ..timeline import Entry, Kind, record
from .writing import claim_draft

LONG_TEXTS = ("business_impact", "steps", "environment_changes", "troubleshooting", "api_request", "api_response")
SHORT_TEXTS = ("subject", "product_area", "users_affected", "frequency", "reachable_name", "reachable_phone")
PLAIN = ("short_name", "workability", "workaround", "happened_at", "happened_zone")


@transaction.atomic
def open_case(organization, *, by, intake, channel, now, contact=None, opened_at=None, draft=None, follows=None):
    """Open a case for `contact` (default: `by`) and acknowledge it. Returns the case.

    `opened_at` is a phone call's real start (default: `now`); `follows` the case that it follows (`actions.open_follow_up`). Everything typed goes through `clean_text`; what was masked is named in the
    OPENED activity's data. Raises Refused: not a contact, not cleared, no license for the channel, or
    critical where the policy takes it by phone only.
    """
    contact = contact or by
    _check_rights(organization, by=by, contact=contact, case_type=intake.case_type)
    agreement = agreement_in_force(organization, at=opened_at or now)
    policy_version = current_version(agreement.policy if agreement else default_policy())
    if intake.case_type != Case.Type.ACCESS and not by.is_staff:
        _check_license(PolicySheet(policy_version, rules_of(policy_version), organization, agreement), channel)
    priority = _priority(rules_of(policy_version), intake.priority_code, channel)
    texts, masked = _clean(intake)
    case = _new_case(
        organization, agreement, policy_version, priority, texts, by=contact, intake=intake, channel=channel, at=opened_at or now
    )
    case.follows = follows
    case.save()
    CaseDetails.objects.create(
        case=case,
        **{name: getattr(intake, name) for name in PLAIN},
        **{name: texts[name] for name in LONG_TEXTS},
        users_affected=texts["users_affected"][:200],  # the form's limit; only a masked secret may be longer than what was typed
        frequency=texts["frequency"][:200],
        checklist=list(intake.checklist),
    )
    ConversationReference.objects.bulk_create(
        ConversationReference(case=case, conversation_id=conversation_id)
        for conversation_id in dict.fromkeys(intake.conversation_ids)
    )
    activities = record(
        case,
        Entry(
            Kind.OPENED, texts["description"], intake.language, opening_of(case, masked), channel=channel, occurred_at=opened_at
        ),
        Entry(Kind.ACKNOWLEDGED, by_portal=True),
        *([Entry(Kind.FOLLOW_UP, data={"number": follows.number, "original": False}, by_portal=True)] if follows else []),
        by=by,
        now=now,
    )
    claim_draft(draft, activities[0])
    for activity in activities:
        tell(activity, now=now)
    return case


def _check_rights(organization, *, by, contact, case_type):
    decision = can_open_for_customer(by, organization) if by.is_staff else can_open_case(by, organization)
    if not decision:
        raise Refused(decision.reason)
    is_applicant = case_type == Case.Type.ACCESS  # who asks to become a contact is none yet (SPEC 1)
    if contact != by and not is_applicant and not standing_of(contact, organization).is_contact:
        raise Refused(_("The caller is not a designated contact of this organization."))


def _check_license(sheet, channel):
    """The license decides the channels (SPEC 2). What the care team logs for a caller is never turned away for it."""
    if not sheet.includes(channel):
        raise Refused(_("Your license does not include opening cases in the portal."))


def _priority(rules, code, channel):
    priority = rules.priority(code)
    if priority is None:
        raise Refused(_("This priority does not exist in the support policy."))
    if priority.portal == PHONE_ONLY and channel != Case.Channel.PHONE:
        raise Refused(_("Critical cases must be reported by phone."))
    return priority


def _clean(intake):
    cleaned = {name: clean_text(getattr(intake, name)) for name in ("description", *LONG_TEXTS, *SHORT_TEXTS)}
    masked = sorted({kind for clean in cleaned.values() for kind in clean.masked})
    return {name: clean.text for name, clean in cleaned.items()}, masked


def _new_case(organization, agreement, policy_version, priority, texts, *, by, intake, channel, at):
    calendar = agreement.calendar if agreement and agreement.calendar else None
    return Case(
        organization=organization,
        opened_by=by,
        case_type=intake.case_type,
        channel=channel,
        product_area=texts["product_area"][:80],
        subject=" ".join(texts["subject"].split())[:200],
        language=intake.language,
        severity_rank=priority.severity_rank,
        priority_code=priority.code,
        is_impact_significant=intake.is_impact_significant,
        is_alarm_due=priority.severity_rank == CRITICAL,
        opened_at=at,
        latest_activity_at=at,
        version=0,
        agreement=agreement,
        policy_version=policy_version,
        calendar_version=current_calendar_version(calendar or rules_of(policy_version).calendar),
        time_zone=organization.time_zone,
        country=organization.country,
        plan=agreement.plan if agreement else "",
        reachable_name=texts["reachable_name"][:150],
        reachable_phone=texts["reachable_phone"][:40],
        urgency_rank=0,
    )


def opening_of(case, masked=()):
    """The data of a case's OPENED activity, which its clocks begin with."""
    return {
        "channel": case.channel.lower(),
        "severity": case.severity_rank,
        "platform_issue": case.scope == Case.Scope.PLATFORM,
        "significant_impact": case.is_impact_significant,
        "plan": case.plan,
        "third_party": False,
        "case_type": case.case_type,
        **({"is_for_rca": True} if case.closes_with_rca else {}),
        **({"masked": masked} if masked else {}),
    }
