"""Asking for a higher priority, and contesting the severity: a page each, as the case's policy says (SPEC 3)."""

from django.views.decorators.http import require_http_methods

from sla.priority_ways import ways_up

from .. import actions
from ..case_forms import ContestForm, PriorityRequestForm
from ..permissions import can_ask_for_priority, can_contest_severity
from .asking import ask
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
    return ask(request, page, PriorityRequestForm, actions.ask_for_priority, "cases/case_priority.html", context)


@page_or_post
def case_contest(request, number):
    """The severity that the care team set, who decides it, and a form to say why it does not fit."""
    page = page_of(request, number)
    context = {"may": can_contest_severity(page.reader, page.case, page.standing)}
    return ask(request, page, ContestForm, actions.contest_severity, "cases/case_contest.html", context)
