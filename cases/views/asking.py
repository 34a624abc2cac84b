"""A page on which a customer asks for something in a case: one form, one action, and the way to what came of it."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ..decision import Refused, StaleCase
from ..problem_words import SECRET_MASKED


def lead_to_entry(request, page, activity):
    """Say that the request was sent; the address of what was written in the case."""
    if activity.data.get("masked"):
        messages.warning(request, SECRET_MASKED)
    messages.success(request, _("Your request was sent. The care team will answer in the case."))
    return f"{reverse('case', args=[page.case.number])}#event-{activity.pk}"


def ask(request, page, form_class, action, template, context, *, lead=lead_to_entry):
    """Show the form, or act once and lead to what came of it; 422 with errors, 403 or 409 with the reason and the words typed.

    `lead(request, page, what the action returned)` says so to the reader and returns the address to go to.
    """
    posted = [request.POST] if request.method == "POST" else []
    form, status = form_class(*posted, case=page.case, seen=page.latest_key), 200
    if posted:
        status = 422
        if form.is_valid():
            try:
                return HttpResponseRedirect(_sent(request, page, form, action, lead), status=303)
            except StaleCase:
                status = 409
                form.add_error(None, _("The case has changed since you opened this page. Read it, then send your request again."))
                form.data = form.data.copy()
                form.data["version"] = page.case.version
            except Refused as refusal:
                status = 409 if page.standing.is_contact else 403
                form.add_error(None, refusal.reason)
    return render(request, template, context | {"page": page, "case": page.case, "form": form}, status=status)


def _sent(request, page, form, action, lead):
    def act():
        done = action(page.case, by=request.user, now=page.now, expected_version=form.expected_version, **form.arguments)
        return lead(request, page, done)

    return form.send_once(act, by=request.user, now=page.now)
