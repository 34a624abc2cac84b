"""S1 and S2: the care queue and taking the next case (UX 3.2)."""

from dataclasses import dataclass
from itertools import groupby, islice

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import actions
from cases.models import Case
from cases.models.cases import key_of
from portal.templatetags.portal_tags import severity_words

from .counts import count_up_to_limit, count_words
from .queue_filter import QueueFilter, due_soon, overdue

PAGE = 50


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of one rank on one page, under the names that their policies give it."""

    rank: int
    heading: str
    cases: list


def care_queue(request):
    """S1: every open case of one's regions, most urgent first; a number leads straight to its case."""
    now = timezone.now()
    cases = Case.objects.visible_to(request.user)
    found = cases.numbered(request.GET.get("q", "")).first() if key_of(request.GET.get("q", "")) else None
    if found:
        return redirect("admin:care_case", found.number)
    narrowing = QueueFilter(request.GET, user=request.user, now=now)
    rows, following = queue_page(narrowing.narrow(cases.open()), after=cases.numbered(request.GET.get("after", "")).first())
    context = {
        "now": now,
        "filter": narrowing,
        "groups": groups(rows),
        "following": following,
        "counts": queue_counts(request.user, now),
        "updated_since": parse_since(request),
        "latest_closed": None if rows else cases.filter(status=Case.Status.CLOSED).order_by("-closed_at").first(),
    }
    return render(request, "care/queue.html", context)


def queue_page(cases, *, after):
    """The page of the queue that follows the case `after` (None: the first), and the last case shown if more follow, else None."""
    if after is not None:
        cases = cases.less_urgent_than(after)
    ordered = cases.by_urgency().select_related("organization", "owner", "policy_version__policy")
    rows = list(ordered[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1] if len(rows) > PAGE else None


def groups(rows):
    """The rows by their rank, each with the names of that rank in the policies of its cases."""
    return [_group(rank, list(cases)) for rank, cases in groupby(rows, key=lambda case: case.urgency_rank)]


def _group(rank, cases):
    names = dict.fromkeys(severity_words(case) for case in cases)
    return Group(rank, " / ".join(islice(names, 3)), cases)


def queue_counts(user, now):
    """What stands above the list: open, overdue, due within the hour, without owner; never narrowed by the filter."""
    cases = Case.objects.visible_to(user).open()
    counts = count_up_to_limit(
        user, open=cases, overdue=overdue(cases, now), soon=due_soon(cases, now), unassigned=cases.filter(owner=None)
    )
    return {name: {"number": number, "words": count_words(number)} for name, number in counts.items()}


@require_POST
def care_take_next(request):
    """S2: make the signed-in agent the owner of the most urgent case that nobody owns; two agents never get the same one."""
    now = timezone.now()
    decision = can_take_cases(request.user)
    if not decision:
        return refused_page(request, decision.reason)
    form = ActionForm(request.POST)
    url = form.already_sent(request.user)
    if url:
        return redirect(url)
    case = actions.take_next(by=request.user, now=now, cases=Case.objects.visible_to(request.user))
    if case is None:
        messages.info(request, _("Every open case has an owner."))
        return redirect("admin:care_queue")
    messages.success(request, _("This case is now yours."))
    return redirect("admin:care_case", case.number)
