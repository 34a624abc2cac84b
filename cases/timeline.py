"""The timeline of a case: `record()` is the only writer of activities and keeps status and clocks true (HOUSE rule 2)."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from sla import clocks, events
from sla.events import Event
from sla.policies import rules_of

from .case_status import status_after
from .decision import StaleCase
from .models import Activity, ActivityText, Case

Kind = Activity.Kind
CUSTOMER = Activity.Visibility.CUSTOMER
INTERNAL = Activity.Visibility.INTERNAL


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity to be recorded. `data` holds codes and keys, never anybody's words; those go to `text`."""

    kind: str
    text: str = ""
    language: str = ""
    data: dict = field(default_factory=dict)
    visibility: str = CUSTOMER
    channel: str = ""
    occurred_at: datetime | None = None  # only for what is logged after the fact: a call's stated start
    by_portal: bool = False  # done by the portal itself, not by the acting user


def locked(case, *, expected_version=None):
    """The case's row, locked until the transaction ends (SQLite's IMMEDIATE locks the whole database instead).

    Raises StaleCase where a form was shown for an older version.
    """
    row = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .with_terms()
        .select_related("owner", "opened_by")
        .get(pk=case.pk)
    )
    if expected_version is not None and expected_version != row.version:
        raise StaleCase
    return row


def record(case, *entries, by, now):
    """Append activities to a locked case and bring its status and clocks up to date, in the caller's transaction.

    `case` carries the changed plain columns (owner, severity_rank …) unsaved; they are saved here. Returns the activities in order, after
    them those that say which announced breaches have turned out to be none.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs in the transaction of its action.")
    activities = [_append(case, entry, by=by, now=now) for entry in entries]
    for activity in activities:
        case.status = status_after(case.status, activity.kind)
    case.version += 1
    case.latest_activity_at = now
    case.urgency_rank = urgency_rank(case)
    _follow_closing(case, activities)
    withdrawn = refresh_clocks(case, now=now).withdrawn
    undone = [Entry(Kind.BREACH_WITHDRAWN, data={"clock": kind}, by_portal=True) for kind in withdrawn]  # not by silence
    case.save()
    return [*activities, *(_append(case, entry, by=None, now=now) for entry in undone)]


def announce(entries, *, now):
    """Append activities that no clock asks for, dated at their own moment: (case, entry) pairs, by the portal itself.

    The sweep's way of telling many breaches at once: neither status nor clocks change, so no case row is locked or touched.
    """
    return Activity.objects.bulk_create(_activity(case, entry, by=None, now=now) for case, entry in entries)


def refresh_clocks(case, *, now):
    """Derive the clocks again from the whole timeline; sets the case's list columns, unsaved. Returns the summary."""
    summary = clocks.refresh(case, events=events_of(case.activities.order_by("pk")), now=now)
    case.next_due_at = summary.next_due_at
    case.is_paused = summary.is_paused
    return summary


def urgency_rank(case):
    """Where the case stands in the queue: its severity, or where the policy has none the place of its priority (HOUSE)."""
    if case.severity_rank is not None:
        return case.severity_rank
    codes = [priority.code for priority in rules_of(case.policy_version).priorities]
    return codes.index(case.priority_code) + 1 if case.priority_code in codes else len(codes) + 1


def _activity(case, entry, *, by, now):
    return Activity(
        case=case,
        kind=entry.kind,
        actor=None if entry.by_portal else by,
        from_customer=not entry.by_portal and by is not None and not by.is_staff,
        channel=entry.channel,
        visibility=entry.visibility,
        recorded_at=now,
        occurred_at=entry.occurred_at or now,
        data=entry.data,
    )


def _append(case, entry, *, by, now):
    activity = _activity(case, entry, by=by, now=now)
    activity.save(force_insert=True)
    if entry.text:
        activity.text_row = ActivityText.objects.create(activity=activity, text=entry.text, language=entry.language)
    return activity


def _follow_closing(case, activities):
    closings = [activity for activity in activities if activity.kind == Kind.CLOSED]
    if case.status == Case.Status.CLOSED:
        case.closed_at = closings[-1].occurred_at if closings else case.closed_at
    else:
        case.closed_at = None


# --- the timeline in the words of the clocks ---------------------------------------------------------------------------

SAME = {
    Kind.ACKNOWLEDGED: events.AUTO_ACK,
    Kind.REPLY: events.HUMAN_REPLY,
    Kind.WORK_NOTE: events.CUSTOMER_REPLY,
    Kind.INTERNAL_NOTE: events.AGENT_NOTE,
    Kind.SEVERITY: events.SEVERITY_CHANGED,
    Kind.SCOPE: events.SCOPE_CHANGED,
    Kind.IMPACT: events.IMPACT_CHANGED,
    Kind.RESTORED: events.SERVICE_RESTORED,
    Kind.PROMISE: events.UPDATE_PROMISED,
    Kind.AWAITING_CUSTOMER: events.WAITING_CUSTOMER,
    Kind.AWAITING_THIRD_PARTY: events.WAITING_THIRD_PARTY,
    Kind.THIRD_PARTY_REPLIED: events.THIRD_PARTY_REPLIED,
    Kind.RESUMED: events.RESUMED,
    Kind.ANSWER_NOT_ADEQUATE: events.ANSWER_NOT_ADEQUATE,
    Kind.PROPOSED: events.RESOLUTION_PROPOSED,
    Kind.REJECTED: events.CUSTOMER_REPLY,
    Kind.PRIORITY_ASKED: events.CUSTOMER_REPLY,
    Kind.SEVERITY_CONTESTED: events.CUSTOMER_REPLY,
    Kind.KEEP_OPEN: events.KEEP_OPEN,
    Kind.REOPENED: events.REOPENED,
    Kind.CONTACT_DECIDED: events.CONTACT_DECIDED,
    Kind.PLAN: events.PLAN_CHANGED,
    Kind.VERSION: events.VERSION_CHANGED,
    Kind.PRIORITY_DECLINED: events.AGENT_NOTE,
    Kind.SEVERITY_UPHELD: events.AGENT_NOTE,
    Kind.INCIDENT_UPDATE: events.AGENT_NOTE,  # news of the care team, never a response to this customer
}
RESOLVING_CAUSES = frozenset({"accepted", "resolved"})  # closings that say: the problem is solved


def events_of(activities):
    """The activities as the events that `sla.clock_rules` understands, by the moment they happened."""
    told = [event for activity in activities for event in _events_of_one(activity)]
    return sorted(told, key=lambda event: (event.at, event.id))


def _events_of_one(activity):
    return [Event(activity.occurred_at, kind, activity.data, activity.pk) for kind in _event_kinds(activity)]


def _event_kinds(activity):
    data = activity.data
    match activity.kind:
        case Kind.OPENED:
            return [events.OPENED]
        case Kind.OWNER:
            return [events.ASSIGNED if data.get("to") else events.UNASSIGNED]
        case Kind.CALL:
            return [events.HUMAN_REPLY if data.get("with_customer") else events.AGENT_NOTE]
        case Kind.CLOSED:
            return [events.RESOLVED, events.CLOSED] if data.get("cause") in RESOLVING_CAUSES else [events.CLOSED]
        case Kind.RCA_DELIVERED:  # a preliminary one does not end the wait for the comprehensive one
            return [events.RCA_DELIVERED] if data.get("kind") == "RCA" else []
        case kind if kind in SAME:
            return [SAME[kind]]
    return []
