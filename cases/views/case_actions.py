"""C7, C9: what customers can do to a case. Each finds the case, checks the form, acts once and answers.

The answer is the changed region for htmx, else a redirect (303) to what was written; 422 with errors, 409 or 403 with the reason and all that was
typed.
"""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import actions
from ..case_forms import ReplyForm
from ..decision import Refused, StaleCase
from ..models import Activity
from ..problem_words import SECRET_MASKED
from .case import FORMS, page_of, show
from .reply_drafts import keep_files, save_reply, take_off_file


@require_POST
def case_reply(request, number):
    """A work note of the customer: it ends a wait for them, takes back a proposed resolution, reopens a case closed not long ago.

    Without JavaScript the same form also keeps files, takes them off again and saves the draft.
    """
    page = page_of(request, number)
    if not page.may_reply:
        return _act(request, number, "reply", actions.reply)
    if "remove" in request.POST:
        take_off_file(request, page)
        return _answer(request, number, anchor="case-reply")
    file_errors = keep_files(request, page)
    if "save" in request.POST and not file_errors:
        save_reply(request, page)
        messages.success(request, _("The draft has been saved."))
        return _answer(request, number, anchor="case-reply")
    return _act(request, number, "reply", actions.reply, file_errors=file_errors)


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


@require_POST
def case_follow_up(request, number):
    """Begin a follow-up of a case that cannot be reopened any more: a draft with its answers, to be changed and sent."""
    page = page_of(request, number)
    form = FORMS["follow_up"](request.POST, case=page.case, auto_id="follow_up_%s")
    form.is_valid()  # it holds nothing that could be wrong

    def begin():
        draft = actions.draft_follow_up(page.case, by=request.user, now=page.now)
        return f"{reverse('new_case_describe')}?{urlencode({'draft': draft.code})}"

    try:
        url = form.send_once(begin, by=request.user, now=page.now)
    except Refused as refusal:
        return _conflict(request, number, "follow_up", form, refusal.reason)
    return HttpResponseRedirect(url, status=303)


def _act(request, number, name, action, *, file_errors=()):
    page = page_of(request, number)
    form = FORMS[name](request.POST, case=page.case, auto_id=f"{name}_%s")
    for sentence in file_errors:
        form.add_error("files", sentence)
    if not form.is_valid():
        return show(request, page, status=422, bound={name: form})
    try:
        url = form.send_once(lambda: _done(request, page, form, action), by=request.user, now=page.now)
    except StaleCase:
        reason = _("The case has changed since you opened this page. See what is new, then decide again.")
        return _conflict(request, number, name, form, reason)
    except Refused as refusal:
        return _conflict(request, number, name, form, refusal.reason)
    return _answer(request, number, anchor=url.rpartition("#")[2])


def _done(request, page, form, action):
    arguments = form.arguments | ({"draft": page.draft} if isinstance(form, ReplyForm) else {})
    version = _version_seen(page, form)
    activity = action(page.case, by=request.user, now=page.now, expected_version=version, **arguments)
    if activity.data.get("masked"):
        messages.warning(request, SECRET_MASKED)
    return f"{reverse('case', args=[page.case.number])}#event-{activity.pk}"


def _version_seen(page, form):
    """The version to act on: the present one where the customer saw all that they may see. Raises StaleCase otherwise.

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
    page = page_of(request, number)
    page.seen = form.cleaned_data.get("seen")
    again = FORMS[name](case=page.case, seen=page.latest_key, auto_id=f"{name}_%s", initial=form.arguments)
    status = 409 if page.standing.is_contact else 403
    is_on_the_page = {"reply": page.may_reply, "reject": page.may_accept, "reopen": page.may_reopen}.get(name, True)
    return show(request, page, status=status, bound={name: again}, conflict=reason, typed=[] if is_on_the_page else again.typed)


def _answer(request, number, *, anchor):
    if not request.htmx:
        return HttpResponseRedirect(f"{reverse('case', args=[number])}#{anchor}", status=303)
    key = anchor.removeprefix("event-")
    return show(request, page_of(request, number), focus=int(key) if key.isdecimal() else None)
