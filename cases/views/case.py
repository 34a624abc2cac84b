"""C7: the case page of customers and what refreshes on it. What they can do there is in `case_actions`."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..actions import mark_read
from ..case_forms import CaseActionForm, ReasonForm, ReplyForm
from ..case_page import SHOWN, CasePage
from ..models import Activity, Case

FORMS = {
    "reply": ReplyForm,
    "accept": CaseActionForm,
    "reject": ReasonForm,
    "close": CaseActionForm,
    "reopen": ReasonForm,
    "keep_open": CaseActionForm,
    "follow_up": CaseActionForm,
}


@require_safe
def case(request, number):
    """C7: one case, as its customer sees it. The care team has a page of its own."""
    if request.user.is_staff:
        return redirect("admin:care_case", case_of(request, number).number)
    return show(request, page_of(request, number))


@require_safe
def case_updates(request, number):
    """Polled: a button where there is something newer than `after`, nothing (204) where the page knows all or was told already."""
    found, after = case_of(request, number), activity_key(request, "after")
    newer = Activity.objects.visible_to(request.user).filter(case=found, pk__gt=after or 0).exclude(actor=request.user)
    keys = list(newer.order_by("pk").values_list("pk", flat=True)[:100])
    if not keys or keys[-1] <= (activity_key(request, "told") or 0):
        return HttpResponse(status=204)
    context = {"case": found, "after": after or 0, "told": keys[-1], "count": len(keys), "first": keys[0]}
    return render(request, "cases/_case_updates.html", context)


@require_safe
def case_clocks(request, number):
    """Polled: the clocks in words."""
    return render(request, "cases/_case_clocks.html", {"page": page_of(request, number)})


@require_safe
def case_explanation(request, number):
    """The arithmetic of every clock of the case, as a page to print (SPEC 5, "Explain")."""
    if request.user.is_staff:
        return redirect("admin:care_explanation", case_of(request, number).number)
    page = page_of(request, number)
    return render(request, "cases/case_explanation.html", {"page": page, "case": page.case, "now": page.now})


def case_of(request, number):
    """The case of this number as far as the reader may see it. Raises Http404."""
    return get_object_or_404(Case.objects.visible_to(request.user).numbered(number).for_page().with_reading(request.user))


def page_of(request, number):
    """The case page that the address speaks of. Raises Http404."""
    shown = request.GET.get("show", "")
    return CasePage(
        case=case_of(request, number),
        reader=request.user,
        now=timezone.now(),
        before=activity_key(request, "before"),
        show=shown if shown in SHOWN else "",
        seen=activity_key(request, "seen"),
    )


def show(request, page, *, status=200, bound=None, conflict="", typed=(), focus=None):
    """The page, or for htmx the region that an action changes.

    `bound` is the form that could not be taken, by its name; `conflict` a sentence that says why; `typed` the words of a form that is not on
    the page any more; `focus` the activity to lead to.
    """
    if page.read_key:
        mark_read(page.case, by=page.reader, key=page.read_key, now=page.now)
    initial = {"reply": {"text": page.draft.data.get("text", "")} if page.draft else {}}
    forms = {
        name: form_class(case=page.case, seen=page.latest_key, auto_id=f"{name}_%s", initial=initial.get(name, {}))
        for name, form_class in FORMS.items()
    }
    context = {
        "page": page,
        "case": page.case,
        "forms": forms | (bound or {}),
        "form": next(iter((bound or {}).values()), None),  # whose errors the title of the page tells
        "conflict": conflict,
        "typed": typed,
        "focus": focus,
        "now": page.now,
    }
    is_region = request.htmx and request.method == "POST"
    return render(request, "cases/_case.html" if is_region else "cases/case.html", context, status=status)


def activity_key(request, name):
    """An activity's key from the address, or None."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and value.isascii() and len(value) < 19 else None
