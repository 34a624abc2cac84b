"""Asking for the RCA, for a discussion of it and for further documents: a page each, reached from the case (SPEC 8)."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.case_mails import MeetingArranged
from cases.mail_rendering import invitation_of
from cases.models import Activity
from cases.views.asking import ask, lead_to_entry
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
    context |= {"may": may(request.user, page.case, page.standing)}
    return ask(request, page, form_class, action, "escalations/case_request.html", context, lead=_lead)


def _lead(request, page, done):
    """To the entry in the case, or to the case that was opened for the documents."""
    if isinstance(done, Activity):
        return lead_to_entry(request, page, done)
    messages.success(request, _("The case for the documents is open."))
    return reverse("case", args=[done.number])


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
