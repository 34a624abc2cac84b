"""Asking for the RCA, for a discussion of it and for further documents: a page each, reached from the case (SPEC 8)."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.case_mails import MeetingArranged
from cases.decision import Refused, StaleCase
from cases.mail_rendering import invitation_of
from cases.models import Activity
from cases.problem_words import SECRET_MASKED
from cases.views.case import page_of

from ..actions import rca_requests
from ..permissions import can_request_documents, can_request_meeting, can_request_rca
from ..rca_request_forms import DocumentsForm, MeetingForm, RcaRequestForm

page_or_post = require_http_methods(["GET", "HEAD", "POST"])


@page_or_post
def case_rca_request(request, number):
    """Ask for the RCA of a case."""
    page = page_of(request, number)
    context = {"heading": _("Request RCA"), "button": _("Request RCA"), "clause": page.rules.rca and page.rules.rca.clause}
    return _ask(request, page, RcaRequestForm, rca_requests.request_rca, can_request_rca, context)


@page_or_post
def case_meeting(request, number):
    """Ask for a follow-up discussion and propose times."""
    page = page_of(request, number)
    context = {"heading": _("Request a follow-up discussion"), "button": _("Send the request")}
    context |= {"clause": page.rules.rca and page.rules.rca.meeting, "zone": timezone.get_current_timezone_name()}
    return _ask(request, page, MeetingForm, rca_requests.request_meeting, can_request_meeting, context)


@page_or_post
def case_documents(request, number):
    """Ask for further documents: a new case with the number of this one and the contact to send them to."""
    page = page_of(request, number)
    context = {"heading": _("Request further documents"), "button": _("Open a case for the documents")}
    context |= {"clause": page.rules.rca and page.rules.rca.further_documents}
    return _ask(request, page, DocumentsForm, rca_requests.request_documents, can_request_documents, context)


def _ask(request, page, form_class, action, may, context):
    """Show the form, or act once and lead to what came of it; 422 with errors, 403 or 409 with the reason and the words typed."""
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
    context |= {"page": page, "case": page.case, "form": form, "may": may(request.user, page.case, page.standing)}
    return render(request, "escalations/case_request.html", context, status=status)


def _sent(request, page, form, action):
    def act():
        done = action(page.case, by=request.user, now=page.now, expected_version=form.expected_version, **form.arguments)
        if not isinstance(done, Activity):
            messages.success(request, _("The case for the documents is open."))
            return reverse("case", args=[done.number])
        if done.data.get("masked"):
            messages.warning(request, SECRET_MASKED)
        messages.success(request, _("Your request was sent. The care team will answer in the case."))
        return f"{reverse('case', args=[page.case.number])}#event-{done.pk}"

    return form.send_once(act, by=request.user, now=page.now)


@require_safe
def case_meeting_file(request, number, key):
    """The invitation of an arranged discussion, for the calendar."""
    arranged = Activity.objects.visible_to(request.user).filter(kind=Activity.Kind.MEETING_ARRANGED, pk=key)
    activity = get_object_or_404(arranged.select_related("case", "text_row"))
    if activity.case.number != number or activity.text_row.redacted_at:
        raise Http404
    times = {name: datetime.fromisoformat(activity.data[name]) for name in ("meets_at", "ends_at")}
    mail = MeetingArranged(
        reader=request.user.name,
        number=number,
        url="",
        words=activity.text_row.text,
        request=activity.data["request"],
        arranged_at=activity.recorded_at,
        **times,
    )
    response = HttpResponse(invitation_of(mail, attendee=request.user.email), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.ics"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
