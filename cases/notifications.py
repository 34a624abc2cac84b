"""Who is told of an activity, and by which mail; written to the outbox in the transaction of the act (SPEC 10, SAFETY 4).

Customers: whoever opened the case, and designated contacts who have written in it. Care team: the case owner. Nobody is told of their own
act, and internal activities are told to nobody. Rights are asked again when the mail is sent (`cases.outbox`).
"""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from sla.case_facts import AWAITING_CUSTOMER
from sla.clock_words import NAMES as CLOCK_NAMES
from sla.policies import rules_of
from sla.policy_rules import FIRST_RESPONSE, PolicyRules
from sla.texts import in_language

from . import incident_words, mails, outbox
from .models import Activity, Case, Membership, OutboxMessage, User
from .permissions import reopen_until, standing_of
from .site_address import absolute_url
from .timeline_items import DOCUMENTS, level_name

Kind = Activity.Kind
CLOSING = "CLOSING"  # the clock of the automatic closing


def tell(activity, *, now):
    """Queue one mail for each person whom this activity concerns, in their language and time zone.

    Where one act brings several activities, a reader gets one mail: the kind that tells more, with the words that came with it.
    """
    if told := _told(activity):
        _queue(activity, told, now=now)
        outbox.wake_sender()


def tell_also(activity, told, *, now):
    """Queue mails of an activity to people whom only a higher app knows: (mail kind, reader) pairs. Nobody is told of their own act."""
    if told := [(name, reader) for name, reader in told if reader.pk != activity.actor_id]:
        _queue(activity, told, now=now)
        outbox.wake_sender()


def remind(name, case, reader, *, event, facts, now):
    """Queue one mail that no activity causes. `event`: told once for each."""
    _write([_outgoing(name, event, case, reader, facts, now=now)])


def tell_each(activities, *, now):
    """Queue the mails of many activities that have nothing to do with each other, one for each activity and reader, in one statement.

    The sweep's way of telling many breaches: their reader is the case owner, so no question is asked for any of them.
    """
    _write(
        _outgoing(
            name,
            f"activity:{activity.pk}",
            activity.case,
            reader,
            FACTS[name](activity, reader.language),
            activity=activity,
            now=now,
        )
        for activity in activities
        for name, reader in _told(activity)
    )


def warn(clocks, *, now):
    """Queue the warnings that most of a target's time is used up, to the case owners. Told once for each due time."""
    _write(
        _outgoing(
            "warning",
            f"warning:{clock.pk}:{clock.due_at.isoformat()}",
            clock.case,
            owner,
            {"clock": CLOCK_NAMES[clock.kind], "due_at": clock.due_at},
            now=now,
        )
        for clock in clocks
        for owner in _owner(clock.case)
    )


def _write(messages):
    if OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True):
        outbox.wake_sender()


def forget(activity):
    """Withdraw queued mail that would carry the words of this activity: they were removed."""
    OutboxMessage.objects.filter(activity=activity, state=OutboxMessage.State.QUEUED).update(
        state=OutboxMessage.State.WITHDRAWN, error="The text was removed."
    )


def _told(activity):
    """(mail kind, reader) for everybody whom an activity concerns."""
    if activity.visibility != Activity.Visibility.CUSTOMER and activity.kind not in TOLD_INSIDE:
        return []
    return [
        (name, reader)
        for name, readers in TELLS.get(activity.kind, ())
        if _has_facts(name, activity)
        for reader in readers(activity.case)
        if reader.pk != activity.actor_id
    ]


# --- readers -----------------------------------------------------------------------------------------------------------


def _opener(case):
    return [case.opened_by] if case.opened_by.is_active else []


def customers_told(case):
    """Whoever opened the case and the designated contacts who have written in it, as far as they still belong to the organization."""
    takes_part = Q(pk=case.opened_by_id) | Q(pk__in=case.activities.filter(from_customer=True).values("actor"))
    contacts = Membership.objects.filter(organization=case.organization_id, is_active=True, role__in=Membership.CONTACT_ROLES)
    still_there = Q(pk__in=contacts.values("user"))
    if case.case_type == Case.Type.ACCESS:
        still_there |= Q(pk=case.opened_by_id)
    return User.objects.filter(takes_part, still_there, is_active=True, is_staff=False).order_by("pk")


def _customers(case):
    return list(customers_told(case))


def _owner(case):
    owner = case.owner
    return [owner] if owner and owner.is_active and standing_of(owner, case.organization).is_cleared_staff else []


def _customers_of_both(case):
    """Those of the follow-up case and of the case that it follows; they belong to one organization."""
    return sorted({*customers_told(case), *customers_told(case.follows)}, key=lambda reader: reader.pk)


TOLD_INSIDE = {Kind.SUBJECT_TO_CLOSURE}  # internal activities that the case owner is told of all the same
TELLS = {
    Kind.ACKNOWLEDGED: [("opened", _opener)],
    Kind.REPLY: [("reply", _customers)],
    Kind.WORK_NOTE: [("customer_answer", _owner), ("reply", _customers)],
    Kind.REJECTED: [("customer_answer", _owner), ("reply", _customers)],
    Kind.SEVERITY: [("severity", _customers)],
    Kind.PRIORITY_ASKED: [("priority_asked", _owner), ("reply", _customers)],
    Kind.PRIORITY_DECLINED: [("urgency_answer", _customers)],
    Kind.SEVERITY_CONTESTED: [("severity_contested", _owner), ("reply", _customers)],
    Kind.SEVERITY_UPHELD: [("urgency_answer", _customers)],
    Kind.PRIORITY: [("priority", _customers)],
    Kind.EXPECTATION: [("expectation", _customers)],
    Kind.OWNER: [("owner", _customers), ("assigned", _owner)],
    Kind.AWAITING_CUSTOMER: [("awaiting_you", _customers)],
    Kind.ANSWER_NOT_ADEQUATE: [("awaiting_you", _customers)],
    Kind.PROPOSED: [("proposed", _customers)],
    Kind.FOLLOW_UP: [("follow_up", _customers_of_both)],
    Kind.RCA_DELIVERED: [("document", _customers)],
    Kind.RCA_ASKED: [("customer_answer", _owner), ("reply", _customers)],
    Kind.MEETING_ASKED: [("customer_answer", _owner), ("reply", _customers)],
    Kind.MEETING_ARRANGED: [("meeting", _customers)],
    Kind.REQUEST_DECLINED: [("reply", _customers)],
    Kind.CLOSING_NOTICE: [("closing_notice", _customers)],
    Kind.SUBJECT_TO_CLOSURE: [("subject_to_closure", _owner)],
    Kind.FILE_REFUSED: [("file_refused", _owner), ("file_refused", _customers)],
    Kind.BREACHED: [("missed", _owner)],
    Kind.BREACH_WITHDRAWN: [("not_missed", _owner)],
    Kind.ESCALATION_ASKED: [("escalation_to_decide", _owner), ("escalation_asked", _customers)],
    Kind.ESCALATION_ACCEPTED: [("escalation_accepted", _customers)],
    Kind.ESCALATION_DECLINED: [("escalation_declined", _customers)],
    Kind.ESCALATION_UPDATE: [("escalation_update", _customers)],
    Kind.ESCALATION_RESOLVED: [("escalation_resolved", _customers)],
    Kind.ESCALATION_WITHDRAWN: [("escalation_withdrawn", _owner), ("escalation_withdrawn", _customers)],
    Kind.ESCALATION_ANSWERED: [("escalation_answered", _owner)],
    Kind.INCIDENT_LINKED: [("incident_linked", _customers)],
    Kind.INCIDENT_UNLINKED: [("incident_unlinked", _customers)],
    Kind.INCIDENT_UPDATE: [("incident_update", _customers)],
    Kind.CLOSED: [("closed", _owner), ("closed", _customers)],
    Kind.REOPENED: [("reopened", _owner), ("reopened", _customers)],
}


# --- facts -------------------------------------------------------------------------------------------------------------


def _has_facts(name, activity):
    if name == "follow_up":
        return not activity.data["original"]  # told in the new case, not in both
    return name != "owner" or bool(activity.case.owner)  # that a case has no owner for a while is not told


def _author(activity, language):
    return {"author": activity.actor.name}


def _customer_author(activity, language):
    return {"author": activity.actor.name, "organization": activity.case.organization.name}


def _levels(level_of):
    """The facts of a change from one level of the policy to another; `level_of` finds a level in the rules."""

    def facts(activity, language):
        rules = rules_of(activity.case.policy_version)
        before, after = (level_of(rules, activity.data[side]) for side in ("from", "to"))
        return {"before": in_language(before.name, language) if before else "", "after": in_language(after.name, language)}

    return facts


def _expectation(activity, language):
    expected_at, before = activity.data["expected_at"], activity.data["from"]
    return {"expected_at": datetime.fromisoformat(expected_at), "before_at": before and datetime.fromisoformat(before)}


def _owner_name(activity, language):
    return {"owner": activity.case.owner.name}


def _organization(activity, language):
    return {"organization": activity.case.organization.name}


def _follow_up(activity, language):
    return {"original": activity.data["number"], "is_for_rca": activity.case.closes_with_rca}


def _document(activity, language):
    return {"document": DOCUMENTS[activity.data["kind"]]}


def _meeting(activity, language):
    times = {name: datetime.fromisoformat(activity.data[name]) for name in ("meets_at", "ends_at")}
    return {"request": activity.data["request"], "arranged_at": activity.recorded_at, **times}


def _response_target(activity, language):
    return {"response_due_at": _due_at(activity.case, FIRST_RESPONSE)}


def _closing(activity, language):
    rules = rules_of(activity.case.policy_version)
    rule = rules.resolution_proposed if activity.kind == Kind.PROPOSED else rules.awaiting_customer
    return {"closes_at": _due_at(activity.case, CLOSING), "is_closed_then": bool(rule and rule.closes)}


def _notice(activity, language):
    data = activity.data
    rules = rules_of(activity.case.policy_version)
    rule = rules.awaiting_customer if data["cause"] == AWAITING_CUSTOMER else rules.resolution_proposed
    return {"closes_at": datetime.fromisoformat(data["closes_at"]), "is_closed_then": bool(rule and rule.closes)}


def _missed(activity, language):
    return {"clock": CLOCK_NAMES[activity.data["clock"]], "due_at": activity.occurred_at}


def _not_missed(activity, language):
    return {"clock": CLOCK_NAMES[activity.data["clock"]]}


def _nothing(activity, language):
    return {}


def _reopening(activity, language):
    return {"reopen_until": reopen_until(activity.case)}


def _escalation(activity, language):
    return {"level": level_name(activity.case, activity.data["level"], language)}


def _escalation_cause(activity, language):
    cause = activity.data.get("cause")
    return {**_escalation(activity, language), "clock": CLOCK_NAMES[cause] if cause else ""}


def _escalation_leader(activity, language):
    leader = User.objects.get(pk=activity.data["owner"])
    return {**_escalation(activity, language), "leader": leader.name, **_escalation_promise(activity)}


def _escalation_promise(activity):
    return {"promised_at": datetime.fromisoformat(activity.data["promised_at"])}


def _escalation_answer(activity, language):
    told = {**_escalation(activity, language), **_organization(activity, language)}
    return {**told, "is_satisfied": activity.data["is_satisfied"]}


FACTS = {
    "opened": _response_target,
    "reply": _author,
    "customer_answer": _customer_author,
    "severity": _levels(PolicyRules.severity),
    "priority": _levels(PolicyRules.priority),
    "expectation": _expectation,
    "owner": _owner_name,
    "assigned": _organization,
    "priority_asked": _customer_author,
    "severity_contested": _customer_author,
    "urgency_answer": _nothing,
    "reopened": _author,
    "awaiting_you": _closing,
    "proposed": _closing,
    "closed": _reopening,
    "closing_notice": _notice,
    "subject_to_closure": _nothing,
    "follow_up": _follow_up,
    "document": _document,
    "meeting": _meeting,
    "file_refused": _nothing,
    "missed": _missed,
    "not_missed": _not_missed,
    "escalation_asked": _escalation_cause,
    "escalation_to_decide": lambda activity, language: {
        **_escalation_cause(activity, language),
        **_organization(activity, language),
    },
    "escalation_accepted": _escalation,
    "escalation_declined": _escalation,
    "escalation_update": _escalation_leader,
    "escalation_yours": lambda activity, language: {
        **_escalation(activity, language),
        **_organization(activity, language),
        **_escalation_promise(activity),
    },
    "escalation_resolved": _escalation,
    "escalation_withdrawn": _escalation,
    "escalation_answered": _escalation_answer,
    "incident_linked": incident_words.named,
    "incident_unlinked": incident_words.named,
    "incident_update": incident_words.told,
}


def _due_at(case, kind):
    return case.clocks.filter(kind=kind).values_list("due_at", flat=True).first()


def _mail(name, case, reader, facts):
    with translation.override(reader.language):
        return mails.KINDS[name](
            reader=reader.name,
            number=case.number,
            url=absolute_url(reverse("case", args=[case.number])),
            **{key: str(value) if isinstance(value, Promise) else value for key, value in facts.items()},
        )


# --- the outbox --------------------------------------------------------------------------------------------------------


def _queue(activity, told, *, now):
    """Write the messages; a reader who has one from the same act already keeps one, the one that tells more."""
    queued = OutboxMessage.objects.filter(case=activity.case, created_at=now, state=OutboxMessage.State.QUEUED)
    by_reader = {message.recipient_id: message for message in queued}
    new = []
    for name, reader in told:
        facts = FACTS[name](activity, reader.language)
        if reader.pk in by_reader:
            _add(by_reader[reader.pk], name, activity, reader, facts)
        else:
            event = f"activity:{activity.pk}"
            new.append(_outgoing(name, event, activity.case, reader, facts, activity=activity, now=now))
    OutboxMessage.objects.bulk_create(new, ignore_conflicts=True)


def _add(message, name, activity, reader, facts):
    if mails.tells_more(name, than=message.template):
        message.template, message.data = name, mails.as_data(_mail(name, activity.case, reader, facts))
    if hasattr(activity, "text_row") or "words" in activity.data:
        message.activity = activity
    message.save(update_fields=["template", "data", "activity"])


def _outgoing(name, event, case, reader, facts, *, now, activity=None):
    mail = _mail(name, case, reader, facts)
    return outbox.message_to(reader, name, mail, event=event, now=now, case=case, activity=activity)
