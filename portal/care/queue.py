"""S1 and S2: the care queue and taking the next case (UX 3.2)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import actions
from cases.forms import ActionForm
from cases.models import Activity, Case
from cases.models.cases import key_of
from cases.permissions import can_see_cases, can_take_next
from escalations.escalation_board import undecided
from portal.templatetags.portal_tags import severity_words

from .attention import visible_escalations
from .counts import count_together, count_words
from .queue_filter import QueueFilterForm, due_soon, overdue, query_of
from .rights import require

PAGE = 50


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of one rank on one page, under the names that their policies give it."""

    rank: int
    heading: str
    cases: list


@require_safe
def care_queue(request):
    """S1: every open case of one's regions, the most urgent first; a case number leads straight to its case."""
    require(can_see_cases(request.user))
    now = timezone.now()
    cases = Case.objects.visible_to(request.user)
    found = _found_by_number(cases, request.GET.get("q", ""))
    if found:
        return redirect("admin:care_case", found.number)
    form = QueueFilterForm(request.GET)
    narrowed = form.narrow(cases.open(), user=request.user, now=now)
    rows, following = queue_page(narrowed, after=_found_by_number(cases, request.GET.get("after", "")))
    context = {
        "now": now,
        "form": form,
        "groups": groups(rows),
        "following": following,
        "counts": queue_counts(request.user, now),
        "query": query_of(request.GET, QueueFilterForm),
        "refresh_url": f"?{_without_seen(request.GET).urlencode()}&seen={now.timestamp():.0f}",
        "seen": _seen(request.GET),
        "latest_closing": None if rows or form.is_narrowing else _latest_closing(request.user),
    }
    return render(request, "care/queue.html", context)


def queue_page(cases, *, after):
    """The rows that follow the case `after` (None: the first page), and the last of them if there are more, else None."""
    if after is not None:
        cases = cases.less_urgent_than(after)
    rows = list(cases.for_list().select_related("owner").by_urgency()[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1] if len(rows) > PAGE else None


def groups(rows):
    """The rows by their rank, each with the names of that rank in the policies of its cases."""
    return [_group(rank, list(cases)) for rank, cases in groupby(rows, key=lambda case: case.urgency_rank)]


def _group(rank, cases):
    names = sorted({severity_words(case) for case in cases})
    return Group(rank, " / ".join(islice(names, 3)), cases)


def queue_counts(user, now):
    """What stands above the list: open, overdue, due within the hour, without owner, escalations that nobody has decided yet; never narrowed by
    the filter."""
    cases = Case.objects.visible_to(user).open()
    numbers = count_together(
        user,
        open=cases,
        overdue=overdue(cases, now),
        soon=due_soon(cases, now),
        unassigned=cases.filter(owner=None),
        undecided=undecided(visible_escalations(user)),
    )
    return {name: {"number": number, "words": count_words(number)} for name, number in numbers.items()}


def _seen(parameters):
    """When the reader saw the list before, as the refreshing page says; None on a first visit."""
    typed = parameters.get("seen", "")
    return datetime.fromtimestamp(int(typed), UTC) if typed.isdecimal() and len(typed) <= 10 else None


def _without_seen(parameters):
    kept = parameters.copy()
    kept.pop("seen", None)
    return kept


def _latest_closing(user):
    closings = Activity.objects.visible_to(user).filter(kind=Activity.Kind.CLOSED)
    return closings.select_related("case").order_by("-pk").first()


def _found_by_number(cases, typed):
    return cases.numbered(typed).first() if key_of(typed) else None


@require_POST
def care_take_next(request):
    """S2: make the signed-in agent the owner of the most urgent case that nobody owns; two agents never get the same one."""
    require(can_take_next(request.user))
    form = ActionForm(request.POST)
    if not form.is_valid():
        return redirect("admin:care_queue")
    now = timezone.now()

    def take():
        case = actions.take_next(by=request.user, now=now, cases=Case.objects.visible_to(request.user))
        messages.success(request, _("This case is now yours.")) if case else messages.info(
            request, _("Every open case has an owner.")
        )
        return reverse("admin:care_case", args=[case.number]) if case else reverse("admin:care_queue")

    return redirect(form.send_once(take, by=request.user, now=now))
