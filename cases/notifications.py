"""Who is told of an activity, and by which mail; written to the outbox in the transaction of the act (SPEC 10, SAFETY 4).

Customers: whoever opened the case, and designated contacts who have written in it. Care team: the case owner. Nobody is told of their own
act, and internal activities are told to nobody. Rights are asked again when the mail is sent (`cases.outbox`).
"""

from django.db.models import Q
from django.urls import reverse

from sla.policies import rules_of
from sla.policy_rules import FIRST_RESPONSE
from sla.texts import in_language

from . import mails, outbox
from .models import Activity, Case, Membership, OutboxMessage, User
from .permissions import reopen_until, standing_of
from .site_address import absolute_url

Kind = Activity.Kind
CLOSING = "CLOSING"  # the clock of the automatic closing


def tell(activity, *, now):
    """Queue one mail for each person whom this activity concerns, in their language and time zone.

    Where one act brings several activities, a reader gets one mail: the kind that tells more, with the words that came with it.
    """
    if activity.visibility != Activity.Visibility.CUSTOMER:
        return
    case = activity.case
    told = [
        (name, reader)
        for name, readers in TELLS.get(activity.kind, ())
        for reader in readers(case)
        if reader.pk != activity.actor_id and _has_facts(name, activity)
    ]
    if told:
        _queue(activity, told, now=now)
        outbox.wake_sender()


def forget(activity):
    """Withdraw queued mail that would carry the words of this activity: they were removed."""
    OutboxMessage.objects.filter(activity=activity, state=OutboxMessage.State.QUEUED).update(
        state=OutboxMessage.State.WITHDRAWN, error="The text was removed."
    )


# --- readers -----------------------------------------------------------------------------------------------------------


def _opener(case):
    return [case.opened_by] if case.opened_by.is_active else []


def _customers(case):
    """Whoever opened the case and the designated contacts who have written in it, as far as they still belong to the organization."""
    takes_part = Q(pk=case.opened_by_id) | Q(pk__in=case.activities.filter(from_customer=True).values("actor"))
    contacts = Membership.objects.filter(organization=case.organization_id, is_active=True, role__in=Membership.CONTACT_ROLES)
    still_there = Q(pk__in=contacts.values("user"))
    if case.case_type == Case.Type.ACCESS:
        still_there |= Q(pk=case.opened_by_id)
    return list(User.objects.filter(takes_part, still_there, is_active=True, is_staff=False).order_by("pk"))


def _owner(case):
    owner = case.owner
    return [owner] if owner and owner.is_active and standing_of(owner, case.organization).is_cleared_staff else []


TELLS = {
    Kind.ACKNOWLEDGED: [("opened", _opener)],
    Kind.REPLY: [("reply", _customers)],
    Kind.WORK_NOTE: [("customer_answer", _owner), ("reply", _customers)],
    Kind.REJECTED: [("customer_answer", _owner), ("reply", _customers)],
    Kind.SEVERITY: [("severity", _customers)],
    Kind.PRIORITY: [("priority", _customers)],
    Kind.OWNER: [("owner", _customers), ("assigned", _owner)],
    Kind.AWAITING_CUSTOMER: [("awaiting_you", _customers)],
    Kind.ANSWER_NOT_ADEQUATE: [("awaiting_you", _customers)],
    Kind.PROPOSED: [("proposed", _customers)],
    Kind.CLOSED: [("closed", _owner), ("closed", _customers)],
    Kind.REOPENED: [("reopened", _owner), ("reopened", _customers)],
}


# --- facts -------------------------------------------------------------------------------------------------------------


def _has_facts(name, activity):
    return name != "owner" or bool(activity.case.owner)  # that a case has no owner for a while is not told


def _author(activity, language):
    return {"author": activity.actor.name}


def _customer_author(activity, language):
    return {"author": activity.actor.name, "organization": activity.case.organization.name}


def _severities(activity, language):
    rules = rules_of(activity.case.policy_version)
    before, after = (rules.severity(activity.data[side]) for side in ("from", "to"))
    return {"before": in_language(before.name, language) if before else "", "after": in_language(after.name, language)}


def _priorities(activity, language):
    rules = rules_of(activity.case.policy_version)
    before, after = (rules.priority(activity.data[side]) for side in ("from", "to"))
    return {"before": in_language(before.name, language) if before else "", "after": in_language(after.name, language)}


def _owner_name(activity, language):
    return {"owner": activity.case.owner.name}


def _organization(activity, language):
    return {"organization": activity.case.organization.name}


def _response_target(activity, language):
    return {"response_due_at": _due_at(activity.case, FIRST_RESPONSE)}


def _closing(activity, language):
    rules = rules_of(activity.case.policy_version)
    rule = rules.resolution_proposed if activity.kind == Kind.PROPOSED else rules.awaiting_customer
    return {"closes_at": _due_at(activity.case, CLOSING), "is_closed_then": bool(rule and rule.closes)}


def _reopening(activity, language):
    return {"reopen_until": reopen_until(activity.case)}


FACTS = {
    "opened": _response_target,
    "reply": _author,
    "customer_answer": _customer_author,
    "severity": _severities,
    "priority": _priorities,
    "owner": _owner_name,
    "assigned": _organization,
    "reopened": _author,
    "awaiting_you": _closing,
    "proposed": _closing,
    "closed": _reopening,
}


def _due_at(case, kind):
    return case.clocks.filter(kind=kind).values_list("due_at", flat=True).first()


def _mail(name, activity, reader):
    case = activity.case
    return mails.KINDS[name](
        reader=reader.name,
        number=case.number,
        subject=case.subject,
        url=absolute_url(reverse("case", args=[case.number])),
        **FACTS[name](activity, reader.language),
    )


# --- the outbox --------------------------------------------------------------------------------------------------------


def _queue(activity, told, *, now):
    """Write the messages; a reader who has one from the same act already keeps one, the one that tells more."""
    queued = OutboxMessage.objects.filter(case=activity.case, created_at=now, state=OutboxMessage.State.QUEUED)
    by_reader = {message.recipient_id: message for message in queued}
    new = []
    for name, reader in told:
        if reader.pk in by_reader:
            _add(by_reader[reader.pk], name, activity, reader)
        else:
            new.append(_message(name, activity, reader, now=now))
    OutboxMessage.objects.bulk_create(new, ignore_conflicts=True)


def _add(message, name, activity, reader):
    if mails.tells_more(name, than=message.template):
        message.template, message.data = name, mails.as_data(_mail(name, activity, reader))
    if hasattr(activity, "text_row"):
        message.activity = activity
    message.save(update_fields=["template", "data", "activity"])


def _message(name, activity, reader, *, now):
    return OutboxMessage(
        event=f"activity:{activity.pk}",
        recipient=reader,
        address=reader.email,
        template=name,
        language=reader.language,
        time_zone=reader.time_zone,
        data=mails.as_data(_mail(name, activity, reader)),
        activity=activity,
        case=activity.case,
        message_id=outbox.new_message_id(),
        created_at=now,
        next_attempt_at=now,
    )
