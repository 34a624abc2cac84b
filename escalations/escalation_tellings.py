"""Who of the care team is told of an escalation: those who may decide it, the customer's TAM, whoever leads it (SPEC 6, 10).

Customers and the case owner are told by `cases.notifications.TELLS`, like of every other activity.
"""

from cases.models import User
from cases.notifications import tell_also

from .escalation_facts import has_tam

MAIL_OF = {"ESCALATION_ASKED": "escalation_to_decide", "ESCALATION_ANSWERED": "escalation_answered"}


def deciders(organization):
    """The care users who may decide escalations of this organization's cases, by name; nobody is an error that administrators see."""
    return User.objects.cleared_for(organization, permission="escalations.decide_escalation")


def tell_deciders(activity, escalation, *, now):
    """Tell of a request, or of what the customer says of its result, all who may decide, the TAM, and who led it."""
    organization = escalation.case.organization
    tam = [organization.tam] if has_tam(organization) else []
    leader = [escalation.owner] if escalation.owner and escalation.owner.is_active else []
    readers = {reader.pk: reader for reader in (*deciders(organization), *tam, *leader)}
    tell_also(activity, [(MAIL_OF[activity.kind], reader) for reader in readers.values()], now=now)


def tell_leader(activity, escalation, *, now):
    """Tell whoever leads the escalation from now on."""
    tell_also(activity, [("escalation_yours", escalation.owner)], now=now)
