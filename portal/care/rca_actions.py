"""Corrective and preventive actions on the care desk: written with the draft, then followed to done (SPEC 8)."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.decision import Refused
from cases.paging import page_of
from escalations.actions import rca_actions
from escalations.models import RcaAction, RcaDocument, RcaVersion
from escalations.permissions import can_see_documents, can_write_documents

from .rca_forms import ActionTextForm, FollowForm
from .rights import require

INVALID, CONFLICT = 422, 409
page_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def care_rca_actions(request):
    """Actions that are not done, what is due first on top; `?show=done` those that are."""
    require(can_see_documents(request.user))
    actions = RcaAction.objects.visible_to(request.user).select_related("document__incident", "document__case", "owner")
    is_done = request.GET.get("show") == "done"
    rows = actions.filter(state=RcaAction.State.DONE).order_by("-done_at", "pk") if is_done else actions.not_done()
    page = page_of(rows if is_done else rows.order_by("due_on", "pk"), request.GET.get("page", "1"))
    context = {"page": page, "is_done": is_done, "today": timezone.localdate()}
    return render(request, "care/rca_actions.html", context)


@page_or_post
def care_rca_action_new(request, number):
    """Add an action to a draft."""
    require(can_write_documents(request.user))
    document = get_object_or_404(RcaDocument.objects.visible_to(request.user).numbered(number))
    form = ActionTextForm(request.POST if request.method == "POST" else None)

    def act():
        rca_actions.add_action(document, by=request.user, **form.arguments)
        messages.success(request, _("The action was added."))
        return _document_url(document)

    return _page(request, document, form, act, heading=_("Add an action"))


@page_or_post
def care_rca_action(request, key):
    """Change an action of a draft; afterwards its state, owner and due date."""
    require(can_write_documents(request.user))
    action = get_object_or_404(RcaAction.objects.visible_to(request.user).select_related("document"), pk=key)
    is_draft = action.document.versions.filter(state=RcaVersion.State.DRAFT).exists() and "follow" not in request.GET
    posted = request.POST if request.method == "POST" else None
    form = (ActionTextForm if is_draft else FollowForm)(posted, action=action)

    def act():
        seen = {"by": request.user, "expected_revision": form.expected_version}
        if is_draft:
            rca_actions.change_action(action, **seen, **form.arguments)
        else:
            rca_actions.follow_action(action, **seen, now=timezone.now(), **form.arguments)
        messages.success(request, _("The action was saved."))
        return _document_url(action.document)

    return _page(request, action.document, form, act, heading=_("Change the action"), action=action, is_draft=is_draft)


@require_POST
def care_rca_action_remove(request, key):
    """Take an action out of a draft."""
    require(can_write_documents(request.user))
    action = get_object_or_404(RcaAction.objects.visible_to(request.user).select_related("document"), pk=key)
    try:
        rca_actions.remove_action(action, by=request.user)
        messages.success(request, _("The action was removed."))
    except Refused as refusal:
        messages.error(request, refusal.reason)
    return HttpResponseRedirect(_document_url(action.document), status=303)


def _document_url(document):
    return reverse("admin:care_rca", args=[document.number]) + "#actions"


def _page(request, document, form, act, **context):
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                return HttpResponseRedirect(form.send_once(act, by=request.user, now=timezone.now()), status=303)
            except Refused as refusal:
                status = CONFLICT
                form.add_error(None, refusal.reason)
                _show_again(form, context.get("action"))
    context |= {"document": document, "form": form, "is_conflict": status == CONFLICT}
    return render(request, "care/rca_action.html", context, status=status)


def _show_again(form, action):
    """With what is saved now beside it: sending the same form once more is meant for that."""
    if action:
        action.refresh_from_db()
        form.data = form.data.copy()
        form.data["version"] = action.revision
