"""What the care team can do to a case, as a table (UX S3 to S5). The pages are in `portal.care.case`, the rules in `cases.actions`."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import actions, permissions
from cases.intake import IntakeData
from cases.models import Activity, Draft

from . import forms
from .steps import Step


def with_draft(action, kind):
    """The action, with the draft that the person kept while writing: its files go along, and it is done."""

    def act(case, *, by, **arguments):
        draft = Draft.objects.visible_to(by).filter(case=case, kind=kind).first()
        return action(case, by=by, draft=draft, **arguments)

    return act


def set_scope_and_impact(case, *, scope, is_impact_significant, reason, by, now, expected_version):
    """Record what is different; returns the latest activity, or None where nothing is."""
    activity = None
    if scope != case.scope or reason:
        activity = actions.set_scope(case, by=by, scope=scope, reason=reason, now=now, expected_version=expected_version)
        expected_version = None  # the scope has just raised it
    if is_impact_significant != case.is_impact_significant:
        significant = {"is_significant": is_impact_significant, "expected_version": expected_version}
        activity = actions.set_impact(case, by=by, now=now, **significant)
    return activity


def open_follow_up(case, *, subject, priority_code, description, by, now, expected_version):
    """Open the follow-up in the customer's language; returns the activity that links it in the original."""
    intake = IntakeData(
        case_type=case.case_type,
        subject=subject,
        description=description,
        priority_code=priority_code,
        product_area=case.product_area,
        language=case.language,
    )
    actions.open_follow_up(case, by=by, intake=intake, now=now, expected_version=expected_version)
    return case.activities.filter(kind=Activity.Kind.FOLLOW_UP).latest("pk")


def can_follow_up_now(user, case):
    """`permissions.can_follow_up`, for whom no window has to pass."""
    return permissions.can_follow_up(user, case, now=timezone.now())


CHANGES = {
    "await_customer": actions.await_customer,
    "third_party_replied": actions.third_party_replied,
    "resume": actions.resume,
    "not_adequate": actions.mark_answer_not_adequate,
}


def change_status(case, *, change, **who):
    """Do what the button says."""
    return CHANGES[change](case, **who)


# --- what is written ---------------------------------------------------------------------------------------------------
REPLY = Step(
    name="reply",
    form=forms.ReplyForm,
    may=permissions.can_reply,
    act=with_draft(actions.reply, Draft.Kind.REPLY),
    told=_("Your reply was sent."),
)
NOTE = Step(
    name="note",
    form=forms.NoteForm,
    may=permissions.can_add_note,
    act=with_draft(actions.add_internal_note, Draft.Kind.NOTE),
    told=_("The internal note was saved."),
    checks_version=False,
)
CALL = Step(
    name="call",
    form=forms.CallForm,
    may=permissions.can_log_call,
    act=actions.log_call,
    told=_("The call was logged."),
    heading=_("Log a phone call"),
    button=_("Log the call"),
    checks_version=False,
)

# --- who works on it, and how urgent it is -----------------------------------------------------------------------------
ASSIGN = Step(
    name="assign",
    form=forms.AssignForm,
    may=permissions.can_assign,
    act=actions.assign,
    told=_("The case owner was changed."),
    heading=_("Change the case owner"),
    button=_("Assign"),
)
SEVERITY = Step(
    name="severity",
    form=forms.SeverityForm,
    may=permissions.can_triage,
    act=actions.change_severity,
    told=_("The severity was changed."),
    heading=_("Change the severity"),
    button=_("Change the severity and tell the customer"),
)
PRIORITY = Step(
    name="priority",
    form=forms.PriorityForm,
    may=permissions.can_triage,
    act=actions.change_priority,
    told=_("The priority was changed."),
    heading=_("Change the priority"),
    button=_("Change the priority and tell the customer"),
)
DECLINE_PRIORITY = Step(
    name="decline_priority",
    form=forms.AnswerForm,
    may=permissions.can_triage,
    act=actions.decline_priority,
    told=_("The customer is told that the priority stays as it is."),
    heading=_("Decline the higher priority"),
    button=_("Decline, and tell the customer why"),
)
UPHOLD = Step(
    name="uphold",
    form=forms.AnswerForm,
    may=permissions.can_triage,
    act=actions.uphold_severity,
    told=_("The customer is told that the severity stays as it is."),
    heading=_("Uphold the severity"),
    button=_("Uphold, and tell the customer why"),
)
SCOPE = Step(
    name="scope",
    form=forms.ScopeForm,
    may=permissions.can_triage,
    act=set_scope_and_impact,
    told=_("Scope and impact were saved."),
    heading=_("Scope and impact"),
    button=_("Save"),
)

# --- status, waiting, promises -----------------------------------------------------------------------------------------
STATUS = Step(
    name="status",
    form=forms.StatusForm,
    may=permissions.can_triage,
    act=change_status,
    told=_("The status was changed."),
)
THIRD_PARTY = Step(
    name="third_party",
    form=forms.ThirdPartyForm,
    may=permissions.can_triage,
    act=actions.await_third_party,
    told=_("The case waits for a third party."),
    heading=_("Await a third party"),
    button=_("Wait, and tell the customer"),
)
PROMISE = Step(
    name="promise",
    form=forms.PromiseForm,
    may=permissions.can_triage,
    act=actions.promise_update,
    told=_("The next update is promised."),
    heading=_("Promise the next update"),
    button=_("Promise"),
)
EXPECTATION = Step(
    name="expectation",
    form=forms.ExpectationForm,
    may=permissions.can_triage,
    act=actions.change_expectation,
    told=_("The customer is told the new expectation."),
    heading=_("Change the expected resolution time"),
    button=_("Change the expectation and tell the customer"),
)
REVIEW = Step(
    name="review",
    form=forms.ReviewForm,
    may=permissions.can_review,
    act=actions.review_case,
    told=_("The review is written down."),
    heading=_("Review with the teams involved"),
    button=_("Save the review"),
)
RESTORED = Step(
    name="restored",
    form=forms.RestoredForm,
    may=permissions.can_triage,
    act=actions.mark_restored,
    told=_("The service is marked as restored."),
    heading=_("Mark the service as restored"),
    button=_("Mark as restored"),
)

# --- the end, and a new beginning --------------------------------------------------------------------------------------
RESOLUTION = Step(
    name="resolution",
    form=forms.ResolutionForm,
    may=permissions.can_resolve,
    act=actions.propose_resolution,
    told=_("The resolution is proposed."),
    heading=_("Propose a resolution"),
    button=_("Propose the resolution"),
)
CLOSE = Step(
    name="close",
    form=forms.ResolutionForm,
    may=permissions.can_close,
    act=actions.close_case,
    told=_("The case is closed."),
    heading=pgettext_lazy("case", "Close case"),
    button=pgettext_lazy("case", "Close case"),
)
CASE_SUMMARY = Step(
    name="summary",
    form=forms.CaseSummaryForm,
    may=permissions.can_write_case_summary,
    act=actions.write_case_summary,
    told=_("The case summary was added."),
    heading=_("Write the case summary"),
    button=_("Add the summary and tell the customer"),
)
REOPEN = Step(
    name="reopen",
    form=forms.ReopeningForm,
    may=permissions.can_reopen,
    act=actions.reopen_case,
    told=_("The case is open again."),
    heading=_("Reopen case"),
    button=_("Reopen case"),
)


FOLLOW_UP = Step(
    name="follow_up",
    form=forms.FollowUpForm,
    may=can_follow_up_now,
    act=open_follow_up,
    told=_("The follow-up case was opened."),
    heading=_("Open a follow-up case"),
    button=_("Open the follow-up case and tell the customer"),
)


def redaction_of(activity):
    """The step that removes the text and the files of this activity for good."""

    def act(case, *, by, now, reason, expected_version):
        actions.redact(activity, by=by, reason=reason, now=now)
        return activity

    return Step(
        name="redact",
        form=forms.RedactionForm,
        may=permissions.can_redact,
        act=act,
        told=_("The text was removed."),
        heading=_("Remove the text"),
        button=_("Remove the text for good"),
    )
