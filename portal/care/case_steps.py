"""What the care team can do to a case (UX S3 to S5): each view is one step, below /admin/care/case/CS-…/."""

from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions, permissions
from cases.models import Draft

from . import forms
from .case import workspace
from .steps import Step, step_page

page_and_post = require_http_methods(["GET", "HEAD", "POST"])


# --- what is written -----------------------------------------------------------------------------------------------
def with_draft(action, kind):
    """The action, with the files of the draft that the person kept while writing."""

    def act(case, *, by, **asked):
        draft = Draft.objects.visible_to(by).filter(case=case, kind=kind).first()
        return action(case, by=by, draft=draft, **asked)

    return act


REPLY = Step(
    forms.ReplyForm, permissions.can_reply, with_draft(actions.reply, Draft.Kind.REPLY), _("Your reply was sent.")
)
NOTE = Step(
    forms.NoteForm,
    permissions.can_add_note,
    with_draft(actions.add_internal_note, Draft.Kind.NOTE),
    _("The internal note was saved."),
)
CALL = Step(
    forms.CallForm,
    permissions.can_log_call,
    actions.log_call,
    _("The call was logged."),
    heading=_("Log a phone call"),
    button=_("Log the call"),
)


@require_POST
def care_reply(request, number):
    """Answer the customer."""
    return step_page(request, number, REPLY, page=workspace)


@require_POST
def care_note(request, number):
    """Write a note that customers cannot see."""
    return step_page(request, number, NOTE, page=workspace)


@page_and_post
def care_call(request, number):
    """Log a phone call with its real start."""
    return step_page(request, number, CALL)


# --- who works on it, and how urgent it is -------------------------------------------------------------------------
ASSIGN = Step(
    forms.AssignForm,
    permissions.can_assign,
    actions.assign,
    _("The case owner was changed."),
    heading=_("Change the case owner"),
    button=_("Assign"),
)
SEVERITY = Step(
    forms.SeverityForm,
    permissions.can_triage,
    actions.change_severity,
    _("The severity was changed."),
    heading=_("Change the severity"),
    button=_("Change the severity and tell the customer"),
)
PRIORITY = Step(
    forms.PriorityForm,
    permissions.can_triage,
    actions.change_priority,
    _("The priority was changed."),
    heading=_("Change the priority"),
    button=_("Change the priority and tell the customer"),
)


@page_and_post
def care_assign(request, number):
    """Give the case to oneself or to another cleared colleague."""
    return step_page(request, number, ASSIGN)


@page_and_post
def care_severity(request, number):
    """S4: change the severity, with a reason, after seeing what it does to the targets."""
    return step_page(request, number, SEVERITY)


@page_and_post
def care_priority(request, number):
    """Change the priority on the customer's behalf."""
    return step_page(request, number, PRIORITY)


def set_scope_and_impact(case, *, scope, is_impact_significant, by, now, expected_version):
    """Record what is different; returns the latest activity, or None where nothing is."""
    activity = None
    if scope != case.scope:
        activity = actions.set_scope(case, by=by, scope=scope, now=now, expected_version=expected_version)
        expected_version = None
    if is_impact_significant != case.is_impact_significant:
        activity = actions.set_impact(
            case, by=by, is_significant=is_impact_significant, now=now, expected_version=expected_version
        )
    return activity


SCOPE = Step(
    forms.ScopeForm,
    permissions.can_triage,
    set_scope_and_impact,
    _("Scope and impact were saved."),
    heading=_("Scope and impact"),
    button=_("Save"),
)


@page_and_post
def care_scope(request, number):
    """Say what the problem concerns and how much it hurts."""
    return step_page(request, number, SCOPE)


# --- status, waiting, promises -------------------------------------------------------------------------------------
CHANGES = {
    "await_customer": actions.await_customer,
    "third_party_replied": actions.third_party_replied,
    "resume": actions.resume,
    "not_adequate": actions.mark_answer_not_adequate,
}
STATUS = Step(
    forms.StatusForm,
    permissions.can_triage,
    lambda case, *, change, **who: CHANGES[change](case, **who),
    _("The status was changed."),
)
THIRD_PARTY = Step(
    forms.ThirdPartyForm,
    permissions.can_triage,
    actions.await_third_party,
    _("The case waits for a third party."),
    heading=_("Await a third party"),
    button=_("Set the status and tell the customer"),
)
PROMISE = Step(
    forms.PromiseForm,
    permissions.can_triage,
    actions.promise_update,
    _("The next update is promised."),
    heading=_("Promise the next update"),
    button=_("Promise"),
)
RESTORED = Step(
    forms.RestoredForm,
    permissions.can_triage,
    actions.mark_restored,
    _("The service is marked as restored."),
    heading=_("Mark the service as restored"),
    button=_("Mark as restored"),
)


@require_POST
def care_status(request, number):
    """Change the status by one of the workspace's buttons."""
    return step_page(request, number, STATUS, page=workspace)


@page_and_post
def care_third_party(request, number):
    """Wait for somebody else, with their reference and promise."""
    return step_page(request, number, THIRD_PARTY)


@page_and_post
def care_promise(request, number):
    """Promise the customer the next update."""
    return step_page(request, number, PROMISE)


@page_and_post
def care_restored(request, number):
    """Say when the service was restored."""
    return step_page(request, number, RESTORED)


# --- the end, and a new beginning ----------------------------------------------------------------------------------
RESOLUTION = Step(
    forms.ResolutionForm,
    permissions.can_resolve,
    actions.propose_resolution,
    _("The resolution is proposed."),
    heading=_("Propose a resolution"),
    button=_("Propose the resolution"),
)
CLOSE = Step(
    forms.ResolutionForm,
    permissions.can_close,
    actions.close_case,
    _("The case is closed."),
    heading=_("Close case"),
    button=_("Close case"),
)
REOPEN = Step(
    forms.ReopeningForm,
    permissions.can_reopen,
    actions.reopen_case,
    _("The case is open again."),
    heading=_("Reopen case"),
    button=_("Reopen case"),
)


@page_and_post
def care_resolution(request, number):
    """S5: propose a resolution, which the customer accepts or rejects."""
    return step_page(request, number, RESOLUTION)


@page_and_post
def care_close(request, number):
    """Close the case with a resolution summary."""
    return step_page(request, number, CLOSE)


@page_and_post
def care_reopen(request, number):
    """Reopen the case within the policy's window."""
    return step_page(request, number, REOPEN)
