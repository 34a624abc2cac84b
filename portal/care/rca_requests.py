"""What the care team answers where a customer asks for an RCA or a discussion of it (SPEC 8). The rules are in `escalations.actions`."""

from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cases.forms import LineField, WordsField
from escalations.actions import rca_requests as actions
from escalations.models import DocumentRequest
from escalations.permissions import can_answer_requests
from escalations.rca_promise import proposed_times

from .forms import CaseForm
from .moment_fields import first_future, moment_field
from .steps import Step, step_page

page_or_post = require_http_methods(["GET", "HEAD", "POST"])
KINDS = {"rca": DocumentRequest.Kind.RCA, "meeting": DocumentRequest.Kind.MEETING}


class MeetingForm(CaseForm):
    """When and where."""

    meets_at = moment_field(_("Time of the discussion"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=30)
    place = LineField(label=_("Where"), help_text=_("The address of the call, or a room. The customer reads it."), limit=300)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if times := proposed_times(self.case):
            self.fields["meets_at"].help_text = _t("The customer proposes: %(times)s") % {"times": "; ".join(times)}

    def clean_meets_at(self):
        """A moment that lies ahead."""
        meets_at = first_future(self.cleaned_data["meets_at"], self.now)
        if meets_at <= self.now:
            raise ValidationError(_t("Enter a time in the future."))
        return meets_at


class DeclineForm(CaseForm):
    reason = WordsField(label=_("Reason"), help_text=_("The customer reads it."))


MEETING = Step(
    name="meeting",
    form=MeetingForm,
    may=can_answer_requests,
    act=actions.arrange_meeting,
    told=_("The discussion is arranged and the invitation sent."),
    heading=_("Arrange the follow-up discussion"),
    button=_("Arrange it and invite the customer"),
)


@page_or_post
def care_meeting(request, number):
    """Arrange the follow-up discussion that the customer asked for."""
    return step_page(request, number, MEETING)


@page_or_post
def care_decline_request(request, number, kind):
    """Decline what the customer asked for: the RCA, or a discussion of it."""
    if kind not in KINDS:
        raise Http404
    step = Step(
        name="decline",
        form=DeclineForm,
        may=can_answer_requests,
        act=partial(actions.decline_request, kind=KINDS[kind]),
        told=_("The request is declined."),
        heading=_("Decline the request for a discussion") if kind == "meeting" else _("Decline the request for an RCA"),
        button=_("Decline, and tell the customer why"),
    )
    return step_page(request, number, step)
