"""What the care team can do about an escalation, each with a page of its own (UX S6). The rules are in `escalations.actions`."""

from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases.forms import WordsField
from escalations.actions import escalation_requests as actions
from escalations.permissions import can_decide_escalations, can_redact_escalation

from .forms import AssignForm, CaseForm, RedactionForm
from .moment_fields import first_future, moment_field
from .steps import Step


class AcceptForm(CaseForm):
    """A button."""


class DeclineForm(CaseForm):
    reason = WordsField(label=_("Reason"), help_text=_("The customer reads it."))


class TakeUpForm(AssignForm):
    """Who leads it, the case owner unless somebody else is chosen, and the next update that the customer is promised."""

    promised_at = moment_field(
        _("Next update by"), help_text=_("The customer reads it; the clock of the next update runs to it.")
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        owner = self.fields["owner"]
        owner.label, owner.required, owner.empty_label = _("Escalation owner"), True, ""

    def clean_promised_at(self):
        promised_at = first_future(self.cleaned_data["promised_at"], self.now)
        if promised_at <= self.now:
            raise ValidationError(_t("Enter a time in the future."))
        return promised_at


class ResultForm(CaseForm):
    result = WordsField(label=_("Result"), help_text=_("What was done and what comes next. The customer reads it."))


def _step(escalation, *, act, form, told, heading, button, may=can_decide_escalations, name):
    """The step on the case by which this action is done to this escalation."""

    def acted(case, **arguments):
        return act(escalation, **arguments)

    return Step(name=name, form=form, may=may, act=acted, told=told, heading=heading, button=button)


acceptance_of = partial(
    _step,
    name="accept",
    act=actions.accept_escalation,
    form=AcceptForm,
    told=_("The escalation is accepted."),
    heading=_("Accept the escalation"),
    button=_("Accept and tell the customer"),
)
refusal_of = partial(
    _step,
    name="decline",
    act=actions.decline_escalation,
    form=DeclineForm,
    told=_("The escalation is declined."),
    heading=_("Decline the escalation"),
    button=_("Decline and tell the customer"),
)
take_up_of = partial(
    _step,
    name="take_up",
    act=actions.take_up_escalation,
    form=TakeUpForm,
    told=_("The escalation is in progress, and the customer is promised the next update."),
    heading=_("Take up the escalation"),
    button=_("Take up and tell the customer"),
)
result_of = partial(
    _step,
    name="resolve",
    act=actions.resolve_escalation,
    form=ResultForm,
    told=_("The escalation is resolved."),
    heading=_("Resolve the escalation"),
    button=_("Resolve and tell the customer"),
)
redaction_of = partial(
    _step,
    name="redact",
    act=actions.redact_escalation,
    form=RedactionForm,
    may=can_redact_escalation,
    told=_("The text was removed."),
    heading=_("Remove the text"),
    button=_("Remove the text for good"),
)
