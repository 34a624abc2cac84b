"""C7, C9: the case page of customers, what refreshes on it, and what they can do there."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import actions
from ..case_forms import CaseActionForm, ReasonForm, ReplyForm
from ..case_page import SHOWN, CasePage
from ..decision import Refused, StaleCase
from ..models import Activity, Case

FORMS = {"reply": ReplyForm, "accept": CaseActionForm, "reject": ReasonForm, "close": CaseActionForm}
FORMS |= {"reopen": ReasonForm, "keep_open": CaseActionForm}


@require_safe
def case(request, number):
    """C7: one case, as its customer sees it. The care team has a page of its own."""
    if request.user.is_staff:
        return redirect("admin:care_case", _case_of(request, number).number)
    return _show(request, _page_of(request, number))


@require_safe
def case_updates(request, number):
    """Polled: a button where there is something newer than `after`, nothing (204) where the page knows all or was told already."""
    found, after = _case_of(request, number), activity_key(request, "after")
    newer = Activity.objects.visible_to(request.user).filter(case=found, pk__gt=after or 0).exclude(actor=request.user)
    keys = list(newer.order_by("pk").values_list("pk", flat=True)[:100])
    if not keys or keys[-1] <= (activity_key(request, "told") or 0):
        return HttpResponse(status=204)
    context = {"case": found, "after": after, "told": keys[-1], "count": len(keys), "first": keys[0]}
    return render(request, "cases/_case_updates.html", context)


@require_safe
def case_clocks(request, number):
    """Polled: the clocks in words."""
    return render(request, "cases/_case_clocks.html", {"page": _page_of(request, number)})


@require_POST
def case_reply(request, number):
    """A work note of the customer: it ends a wait for them, takes back a proposed resolution, reopens a case closed not long ago."""
    return _act(request, number, "reply", actions.reply)


@require_POST
def case_accept(request, number):
    """C9: the proposed resolution is accepted."""
    return _act(request, number, "accept", actions.accept_resolution)


@require_POST
def case_reject(request, number):
    """C9: the problem is not solved, and why."""
    return _act(request, number, "reject", actions.reject_resolution)


@require_POST
def case_close(request, number):
    """The customer closes the case as solved."""
    return _act(request, number, "close", actions.close_case)


@require_POST
def case_reopen(request, number):
    """Reopen a closed case within the policy's days."""
    return _act(request, number, "reopen", actions.reopen_case)


@require_POST
def case_keep_open(request, number):
    """The customer asks not to close the case."""
    return _act(request, number, "keep_open", actions.keep_open)


# --- finding and showing -----------------------------------------------------------------------------------------------


def _case_of(request, number):
    return get_object_or_404(Case.objects.visible_to(request.user).numbered(number).for_page())


def _page_of(request, number, **more):
    show = request.GET.get("show", "")
    return CasePage(
        case=_case_of(request, number),
        reader=request.user,
        now=timezone.now(),
        before=activity_key(request, "before"),
        show=show if show in SHOWN else "",
        seen=activity_key(request, "seen"),
        **more,
    )


def activity_key(request, name):
    """An activity's key from the URL, or None."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and value.isascii() and len(value) < 19 else None


def _show(request, page, *, status=200, bound=None, conflict="", focus=None):
    """The page, or for htmx the region that an action changes; `bound` is the form that could not be taken, by its name."""
    forms = {name: form_class(case=page.case, seen=page.latest_key, auto_id=f"{name}_%s") for name, form_class in FORMS.items()}
    context = {
        "page": page,
        "case": page.case,
        "forms": forms | (bound or {}),
        "conflict": conflict,
        "focus": focus,
        "now": page.now,
    }
    context["form"] = next(iter((bound or {}).values()), None)
    is_fragment = request.htmx and request.method == "POST"
    return render(request, "cases/_case.html" if is_fragment else "cases/case.html", context, status=status)


# --- acting ------------------------------------------------------------------------------------------------------------


def _act(request, number, name, action):
    """Find the case, check the form, do the action once, answer: a fragment for htmx, else a redirect to what was written."""
    page = _page_of(request, number)
    form = FORMS[name](request.POST, case=page.case, auto_id=f"{name}_%s")
    if not form.is_valid():
        return _show(request, page, status=422, bound={name: form})
    try:
        url = form.send_once(lambda: _done(request, page, form, action), by=request.user, now=page.now)
    except StaleCase:
        return _conflict(
            request, number, name, form, _("The case has changed since you opened this page. See what is new, then decide again.")
        )
    except Refused as refusal:
        return _conflict(request, number, name, form, refusal.reason)
    return _answer(request, number, url)


def _done(request, page, form, action):
    activity = action(
        page.case,
        by=request.user,
        now=page.now,
        expected_version=_version_seen(page, form),
        **form.arguments,
    )
    if activity.data.get("masked"):
        messages.warning(
            request,
            _(
                "We found what looks like a password or an API key in your message and masked it. "
                "Never share complete credentials in a case."
            ),
        )
    return f"{reverse('case', args=[page.case.number])}#event-{activity.pk}"


def _version_seen(page, form):
    """The version to act on: the present one where the customer saw all that is visible to them. Raises StaleCase otherwise.

    A reply is never held up by what others wrote meanwhile, only by a closing or reopening of the case.
    """
    seen = form.cleaned_data.get("seen")
    if seen is None:
        return None
    newer = Activity.objects.visible_to(page.reader).filter(case=page.case, pk__gt=seen).exclude(actor=page.reader)
    if isinstance(form, ReplyForm):
        newer = newer.filter(kind__in=(Activity.Kind.CLOSED, Activity.Kind.REOPENED))
    if newer.exists():
        raise StaleCase
    return page.case.version


def _conflict(request, number, name, form, reason):
    """Somebody was faster, or it is not allowed: the page as it is now, with the reason and everything that was typed (SAFETY 5)."""
    page = _page_of(request, number)
    page.seen = form.cleaned_data.get("seen")
    again = FORMS[name](case=page.case, seen=page.latest_key, auto_id=f"{name}_%s", initial=form.arguments)
    status = 409 if page.standing.is_contact else 403
    return _show(request, page, status=status, bound={name: again}, conflict=reason)


def _answer(request, number, url):
    if not request.htmx:
        return HttpResponseRedirect(url, status=303)
    return _show(request, _page_of(request, number), focus=int(url.rpartition("-")[2]))
