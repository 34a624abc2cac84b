"""Who may do what to escalations, incidents and RCA documents, all on one screen; each answer carries its sentence (HOUSE rules 3 and 4)."""

from django.utils.translation import gettext as _

from cases.decision import ALLOWED, Decision, refused
from cases.permissions import standing_of
from cases.rca_owed import FULL, has_document, owes_rca
from sla.policies import rules_of

from .models import Incident


def _staff(user, case, permission, standing=None) -> Decision:
    """Care staff with this permission, cleared for the support region of the case."""
    standing = standing or standing_of(user, case.organization)
    if standing.is_cleared_staff and user.has_perm(permission):
        return ALLOWED
    return refused(_("Your role in the care team does not include this."))


def _care_role(user, permission) -> Decision:
    """For pages that are about no case yet."""
    is_care = user.is_staff and user.is_active and user.has_perm(permission)
    return ALLOWED if is_care else refused(_("Your role in the care team does not include this."))


# --- escalation requests -----------------------------------------------------------------------------------------------
def can_escalate(user, case, standing=None) -> Decision:
    """May they ask for an escalation, and say what they think of its result? Designated contacts (SPEC 1); whether the criteria hold, says
    `eligibility`."""
    standing = standing or standing_of(user, case.organization)
    return ALLOWED if standing.is_contact else refused(_("Only designated contacts can do this."))


def can_decide_escalations(user, case, standing=None) -> Decision:
    """May they accept, decline, take up and resolve escalations of this case?"""
    return _staff(user, case, "escalations.decide_escalation", standing)


def can_redact_escalation(user, case, standing=None) -> Decision:
    """May they remove what the customer wrote in a request?"""
    return _staff(user, case, "cases.redact_activity", standing)


def can_see_escalations(user) -> Decision:
    """May they see the board of escalations? Which ones, says `visible_to`."""
    return _care_role(user, "escalations.view_escalation")


def can_export_escalations(user) -> Decision:
    """May they take the CSV of escalations?"""
    return _care_role(user, "escalations.export_escalation")


# --- platform incidents ------------------------------------------------------------------------------------------------
def can_see_incidents(user) -> Decision:
    """May they see the care team's pages of incidents? Which ones, says `visible_to`."""
    return _care_role(user, "escalations.view_incident")


def can_raise_incident(user) -> Decision:
    """May they say that there may be an incident?"""
    return _care_role(user, "escalations.link_incident")


def can_declare_incident(user) -> Decision:
    """May they declare incidents, publish updates, close them? Incident managers."""
    return _care_role(user, "escalations.declare_incident")


def can_link_to_incident(user, case, standing=None) -> Decision:
    """May they link this case to an incident, and undo it?"""
    return _staff(user, case, "escalations.link_incident", standing)


def can_say_affected(user, case, standing=None) -> Decision:
    """May they open this case as one that an incident has caused?"""
    standing = standing or standing_of(user, case.organization)
    return ALLOWED if standing.is_contact else refused(_("Only designated contacts can do this."))


def can_restore(user, incident) -> Decision:
    """May they say that the service is back? Incident managers, of a declared incident that is not over."""
    allowed = can_declare_incident(user)
    if allowed and incident.state in (Incident.State.CANDIDATE, Incident.State.DISMISSED):
        return refused(_("This incident is not declared."))
    return allowed if incident.is_active or not allowed else refused(_("This incident is restored already."))


# --- the status page ---------------------------------------------------------------------------------------------------
def can_end_subscriptions(user) -> Decision:
    """May this member of the care team end the subscriptions of others to the status page?"""
    return _care_role(user, "escalations.change_statussubscriber")


# --- RCA documents -----------------------------------------------------------------------------------------------------
def can_see_documents(user) -> Decision:
    """May they see the care desk's pages about RCA documents? Which documents, says `visible_to`."""
    return _care_role(user, "escalations.view_rcadocument")


def can_write_documents(user) -> Decision:
    """May they write RCA documents, send them to review and follow their actions?"""
    return _care_role(user, "escalations.write_rcadocument")


def can_approve_documents(user) -> Decision:
    """May they approve, send back and publish documents at all?"""
    return _care_role(user, "escalations.approve_rcadocument")


def can_approve(user, version) -> Decision:
    """May they approve this version, or send it back? A second person: nobody who wrote in it (SPEC 8)."""
    if user.pk in {version.written_by_id, *version.writers}:
        return refused(_("You wrote in this document. Somebody else has to approve it."))
    return can_approve_documents(user)


def can_answer_requests(user, case, standing=None) -> Decision:
    """May they arrange a follow-up meeting for this case, or decline what its customer asked for?"""
    return _staff(user, case, "cases.reply_case", standing)


def can_request_documents(user, case, standing=None) -> Decision:
    """May they ask for further documents? Designated contacts."""
    standing = standing or standing_of(user, case.organization)
    return ALLOWED if standing.is_contact else refused(_("Only designated contacts can do this."))


def can_request_rca(user, case, standing=None) -> Decision:
    """May they ask for the RCA? Where the policy owes it or gives it on request, and it is not delivered yet (SPEC 8)."""
    rca = rules_of(case.policy_version).rca
    if not (owes_rca(case) or (rca and rca.on_request)):
        return refused(_("The support policy does not include an RCA for this case."))
    if has_document(case, FULL):
        return refused(_("The RCA was delivered already."))
    return can_request_documents(user, case, standing)


def can_request_meeting(user, case, standing=None) -> Decision:
    """May they ask for a follow-up discussion? Once the document is delivered (SPEC 8)."""
    if not has_document(case, FULL):
        return refused(_("A follow-up discussion can be requested once the RCA is delivered."))
    return can_request_documents(user, case, standing)
