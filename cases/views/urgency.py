"""Asking for a higher priority, and contesting the severity: a page each, as the case's policy says (SPEC 3)."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sla.priority_ways import ways_up

from .. import actions
from ..case_forms import ContestForm, PriorityRequestForm
from ..decision import Refused, StaleCase
from ..permissions import can_ask_for_priority, can_contest_severity
from ..problem_words import SECRET_MASKED
from .case import page_of

page_or_post = require_http_methods(["GET", "HEAD", "POST"])


@page_or_post
def case_priority(request, number):
    """A higher priority: what the policy asks for each, the numbers to call, and a form where a note will do."""
    page = page_of(request, number)
    context = {
        "may": can_ask_for_priority(page.reader, page.case, page.standing),
        "ways": ways_up(page.rules, page.case.priority_code),
    }
    return _ask(request, page, PriorityRequestForm, actions.ask_for_priority, "cases/case_priority.html", context)


@page_or_post
def case_contest(request, number):
    """The severity that the care team set, who decides it, and a form to say why it does not fit."""
    page = page_of(request, number)
    context = {"may": can_contest_severity(page.reader, page.case, page.standing)}
    return _ask(request, page, ContestForm, actions.contest_severity, "cases/case_contest.html", context)


def _ask(request, page, form_class, action, template, context):
    """Show the form, or act once and lead to what was written; 422 with errors, 403 or 409 with the reason and the words typed."""
    posted = [request.POST] if request.method == "POST" else []
    form, status = form_class(*posted, case=page.case, seen=page.latest_key), 200
    if posted:
        status = 422
        if form.is_valid():
            try:
                return HttpResponseRedirect(_sent(request, page, form, action), status=303)
            except StaleCase:
                status = 409
                form.add_error(None, _("The case has changed since you opened this page. Read it, then send your request again."))
                form.data = form.data.copy()
                form.data["version"] = page.case.version
            except Refused as refusal:
                status = 409 if page.standing.is_contact else 403
                form.add_error(None, refusal.reason)
    return render(request, template, context | {"page": page, "case": page.case, "form": form}, status=status)


def _sent(request, page, form, action):
    def act():
        activity = action(page.case, by=request.user, now=page.now, expected_version=form.expected_version, **form.arguments)
        if activity.data.get("masked"):
            messages.warning(request, SECRET_MASKED)
        messages.success(request, _("Your request was sent. The care team will answer in the case."))
        return f"{reverse('case', args=[page.case.number])}#event-{activity.pk}"

    return form.send_once(act, by=request.user, now=page.now)
