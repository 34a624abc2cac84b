"""Who may do what to a case, all on one screen; each answer carries its sentence (SPEC 1, 3, 4; HOUSE rules 3 and 4).

Whether somebody may *see* a case at all is `Case.objects.visible_to`. A page that asks several questions makes the `Standing` once and
passes it on.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from sla.policies import rules_of

from .decision import ALLOWED, Decision, refused
from .models import Activity, Case, Membership, UrgencyRequest
from .rca_owed import gets_case_summary, waits_for_rca


@dataclass(frozen=True, slots=True)
class Standing:
    """What a user is to an organization: a designated contact, a read-only colleague, cleared care staff, or nothing."""

    is_contact: bool = False
    is_reader: bool = False
    is_cleared_staff: bool = False


def standing_of(user, organization):
    """The standing of a user towards an organization; one query for customers (none within a request), none for care staff."""
    if not user.is_authenticated or not user.is_active:
        return Standing()
    if user.is_staff:
        return Standing(is_cleared_staff=organization.support_region in user.support_regions)
    role = user.belongings.roles.get(organization.pk)
    return Standing(is_contact=role in Membership.CONTACT_ROLES, is_reader=role == Membership.Role.READER)


def _contact(standing) -> Decision:
    return ALLOWED if standing.is_contact else refused(_("Only designated contacts can do this."))


def _is_applicant(user, case):
    """Is this the person's own application to become a contact, who need not belong to the organization yet (SPEC 1)?"""
    return case.case_type == Case.Type.ACCESS and case.opened_by_id == user.pk and user.is_active and not user.is_staff


def _staff(user, standing, permission) -> Decision:
    if standing.is_cleared_staff and user.has_perm(permission):
        return ALLOWED
    return refused(_("Your role in the care team does not include this."))


def _staff_or_contact(user, standing, permission):
    return _staff(user, standing, permission) if user.is_staff else _contact(standing)


def _open(case):
    return refused(_("This case is closed. Reopen it to add a reply.")) if case.is_closed else ALLOWED


def _released(case):
    """A follow-up case that waits for an RCA is not closed, resolved or accepted before (SPEC 8)."""
    if waits_for_rca(case):
        return refused(_("This case stays open until the RCA is delivered."))
    return ALLOWED


def _first_refusal(*decisions):
    return next((decision for decision in decisions if not decision), ALLOWED)


def can_open_case(user, organization, standing=None):
    """May they open a case in the portal for this organization? Designated contacts only (SPEC 1)."""
    standing = standing or standing_of(user, organization)
    return ALLOWED if standing.is_contact else refused(_("Only designated contacts can open cases."))


def can_open_for_customer(user, organization, standing=None):
    """May they log a case for a contact of this organization (phone and other channels)?"""
    return _staff(user, standing or standing_of(user, organization), "cases.open_case_for_customer")


def can_reply(user, case, standing=None, *, now=None):
    """May they write to the other side? A contact's reply to a case closed within the window reopens it (SPEC 4).

    An applicant may answer in their own application while it is open, and do nothing else in it.
    """
    standing = standing or standing_of(user, case.organization)
    allowed = ALLOWED if _is_applicant(user, case) else _staff_or_contact(user, standing, "cases.reply_case")
    if allowed and case.is_closed and not user.is_staff:
        return can_reopen(user, case, standing, now=now)
    return _first_refusal(allowed, _open(case))


def can_add_note(user, case, standing=None):
    """May they write an internal note? Care staff only, also on a closed case."""
    return _staff(user, standing or standing_of(user, case.organization), "cases.note_case")


def can_log_call(user, case, standing=None):
    """May they log a phone call?"""
    return _first_refusal(_staff(user, standing or standing_of(user, case.organization), "cases.reply_case"), _open(case))


def can_assign(user, case, standing=None):
    """May they change the case owner?"""
    return _first_refusal(_staff(user, standing or standing_of(user, case.organization), "cases.assign_case"), _open(case))


def can_own(user, case):
    """May this user be the owner of the case? Active care staff, cleared for the region, who may answer."""
    if user.is_staff and user.is_active and _staff(user, standing_of(user, case.organization), "cases.reply_case"):
        return ALLOWED
    return refused(
        _("This person cannot be the owner: not active, not cleared for the support region, or without the right to answer.")
    )


def _care_role(user, permission):
    """For pages that are about no case yet."""
    is_care = user.is_staff and user.is_active and user.has_perm(permission)
    return ALLOWED if is_care else refused(_("Your role in the care team does not include this."))


def can_see_cases(user):
    """May they see lists of cases on the care desk? Which cases, says `visible_to`."""
    return _care_role(user, "cases.view_case")


def can_take_next(user):
    """May they take the next case of the queue? They will own it, so they must be able to answer too."""
    return _first_refusal(_care_role(user, "cases.assign_case"), _care_role(user, "cases.reply_case"))


def can_take_calls(user):
    """May they open cases for customers who call? Asked again, with the organization, by `can_open_for_customer`."""
    return _care_role(user, "cases.open_case_for_customer")


def can_triage(user, case, standing=None):
    """May they change severity, scope, impact and status? The care team's alone (SPEC 3)."""
    return _first_refusal(_staff(user, standing or standing_of(user, case.organization), "cases.triage_case"), _open(case))


def can_publish(user):
    """May they put a version of a policy or calendar in force, and see what that would do? Care managers and administrators."""
    return _care_role(user, "sla.publish_policyversion")


def can_move_cases(user, case, standing=None):
    """May they move the case to another version of its policy or calendar?"""
    return _staff(user, standing or standing_of(user, case.organization), "sla.publish_policyversion")


def can_review(user, case=None):
    """May they write down the review of a case that took too long, also of a closed one? Without a case: may they see what is to be reviewed?"""
    if case is None:
        return _care_role(user, "cases.review_case")
    return _staff(user, standing_of(user, case.organization), "cases.review_case")


def can_see_reports(user):
    """May they see the reports of SLA clocks and take their CSV?"""
    return _care_role(user, "sla.report_clock")


def can_change_plan(user, organization, standing=None):
    """May they give the organization another support plan?"""
    return _staff(user, standing or standing_of(user, organization), "cases.change_agreement")


def can_ask_for_priority(user, case, standing=None):
    """May they ask for a higher priority? Contacts, of an open case, one request at a time (SPEC 3)."""
    allowed = _first_refusal(_contact(standing or standing_of(user, case.organization)), _open(case))
    if allowed and _is_asked(case, UrgencyRequest.Kind.PRIORITY):
        return refused(_("A higher priority was requested already. The care team will answer in the case."))
    return allowed


def can_contest_severity(user, case, standing=None):
    """May they contest the severity? Contacts, of an open case, once for each severity that the care team set (SPEC 3)."""
    allowed = _first_refusal(_contact(standing or standing_of(user, case.organization)), _open(case))
    if not allowed:
        return allowed
    told = case.activities.filter(kind__in=(Activity.Kind.SEVERITY, Activity.Kind.SEVERITY_CONTESTED)).order_by("pk").last()
    if told is None:
        return refused(_("The care team has not set the severity yet."))
    if told.kind == Activity.Kind.SEVERITY_CONTESTED:
        return refused(_("This severity was contested already. It can be contested once."))
    return allowed


def _is_asked(case, kind):
    return case.urgency_requests.filter(kind=kind, state=UrgencyRequest.State.ASKED).exists()


def can_resolve(user, case, standing=None):
    """May they propose a resolution?"""
    return _first_refusal(can_triage(user, case, standing), _released(case))


def can_accept(user, case, standing=None):
    """May they accept or reject the proposed resolution? Designated contacts, while one is proposed."""
    if case.status != Case.Status.RESOLUTION_PROPOSED:
        return refused(_("There is no proposed resolution to answer."))
    return _first_refusal(_contact(standing or standing_of(user, case.organization)), _released(case))


def can_close(user, case, standing=None):
    """May they close the case? Its contacts, and care staff who triage."""
    standing = standing or standing_of(user, case.organization)
    return _first_refusal(_staff_or_contact(user, standing, "cases.triage_case"), _open(case), _released(case))


def reopen_until(case):
    """The moment until which the policy lets the case be reopened, or None while it is open."""
    return case.closed_at and case.closed_at + timedelta(days=rules_of(case.policy_version).reopen_days)


def can_reopen(user, case, standing=None, *, now=None):
    """May they reopen the case? Within the policy's window; `now` is checked by the action, which knows it."""
    standing = standing or standing_of(user, case.organization)
    allowed = _staff_or_contact(user, standing, "cases.triage_case")
    if not case.is_closed:
        return refused(_("This case is not closed."))
    if allowed and now and now > reopen_until(case):
        return refused(_("The time for reopening this case is over. Open a follow-up case."))
    return allowed


def can_follow_up(user, case, standing=None, *, now):
    """May they open a follow-up of this case? Contacts once it cannot be reopened any more, care staff once it is closed; one at a time."""
    standing = standing or standing_of(user, case.organization)
    allowed = _staff_or_contact(user, standing, "cases.open_case_for_customer")
    if not case.is_closed:
        return refused(_("This case is open. Add a reply to it."))
    if allowed and not user.is_staff and now <= reopen_until(case):
        return refused(_("This case can still be reopened. Reopen it to add a reply."))
    if allowed and (following := case.follow_ups.open().filter(closes_with_rca=False).first()):
        return refused(_("There is an open follow-up case: %(number)s. Add a reply to it.") % {"number": following.number})
    return allowed


def can_write_case_summary(user, case, standing=None):
    """May they write the case summary of an isolated case, also after it is closed?"""
    allowed = _staff(user, standing or standing_of(user, case.organization), "cases.triage_case")
    if allowed and not gets_case_summary(case):
        return refused(_("The support policy provides no case summary for this case."))
    return allowed


def can_keep_open(user, case, standing=None):
    """May they ask not to close the case? Its contacts, while it waits for them or a resolution is proposed."""
    if case.status not in (Case.Status.AWAITING_CUSTOMER, Case.Status.RESOLUTION_PROPOSED):
        return refused(_("This case is not about to be closed."))
    return _contact(standing or standing_of(user, case.organization))


def can_export(user):
    """May they export the cases they see? Customers their own, care staff by permission."""
    if not user.is_staff or user.has_perm("cases.export_case"):
        return ALLOWED
    return refused(_("Your role in the care team does not include this."))


def can_redact(user, case, standing=None):
    """May they remove the text of an activity, leaving a tombstone (SPEC 4)?"""
    return _staff(user, standing or standing_of(user, case.organization), "cases.redact_activity")
