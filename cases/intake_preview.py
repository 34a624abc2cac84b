"""What a case would be, before it is sent: its first response target, the cases it may repeat, and its answers as rows (UX C5)."""

from dataclasses import dataclass

from sla import clocks
from sla.calendars import current_calendar_version
from sla.events import OPENED, Event
from sla.models import CalendarVersion, PolicyVersion
from sla.moments import moment_text
from sla.policy_rules import FIRST_RESPONSE

from .models import Case
from .similar_words import most_alike

COMPARED = 200  # the latest open cases of an organization


@dataclass(frozen=True, slots=True)
class ProspectiveCase:
    """As much of a case as its clocks ask for."""

    policy_version: PolicyVersion
    calendar_version: CalendarVersion
    time_zone: str
    country: str
    plan: str


def first_response(sheet, priority, *, now, channel=Case.Channel.PORTAL):
    """The first response clock of a case of this priority if it were opened now, or None where the policy has no such target."""
    agreement, organization = sheet.agreement, sheet.organization
    calendar = (agreement and agreement.calendar) or sheet.rules.calendar
    plan = agreement.plan if agreement else ""
    case = ProspectiveCase(sheet.version, current_calendar_version(calendar), organization.time_zone, organization.country, plan)
    facts = {"channel": channel.lower(), "severity": priority.severity_rank, "plan": plan}
    return clocks.states(case, events=[Event(now, OPENED, facts)], now=now).clock(FIRST_RESPONSE)


def similar_cases(subject, *, organization, user):
    """The organization's open cases whose subjects are most like this one; one query."""
    if not subject.strip():
        return []
    cases = Case.objects.visible_to(user).filter(organization=organization).open().order_by("-opened_at")[:COMPARED]
    return most_alike(subject, [(case.subject, case) for case in cases])


def answer_rows(form):
    """The answers of a bound form as (field, text in words), only what was answered, in the form's order."""
    rows = [(field, _in_words(form, field)) for field in form.visible_fields()]
    return [(field, text) for field, text in rows if text and _counts(form, field.name)]


def _counts(form, name):
    is_critical = form.priority is not None and form.priority.severity_rank == 1
    return {"reachable_name": is_critical, "reachable_phone": is_critical, "happened_zone": False}.get(name, True)


def _in_words(form, field):
    answer = form.cleaned_data.get(field.name)
    if not answer:
        return ""
    if field.name == "conversation_ids":
        return "\n".join(answer)
    if field.name == "happened_at":
        return moment_text(answer)
    return str(dict(getattr(field.field, "choices", ())).get(answer, answer))
