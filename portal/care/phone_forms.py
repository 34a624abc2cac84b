"""The forms of phone intake: who calls, and what they report."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms import LineField, WordsField
from cases.intake_form import IntakeForm
from cases.models import Case

from .moment_fields import latest_past, moment_field

LATEST = timedelta(days=7)  # a call that is logged later than this was typed wrongly


class CallerForm(forms.Form):
    """Who calls: by anything that they can say, or by the code that the portal gave them."""

    caller = LineField(
        label=_("Caller"),
        limit=200,
        required=False,
        help_text=_("Phone number, name, email address or organization"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    code = LineField(
        label=_("Code of a draft"), limit=20, required=False, help_text=_("Six letters and digits, for example K7QF3M")
    )

    def clean_code(self):
        """As it is stored, however it was spelled out."""
        return "".join(character for character in self.cleaned_data["code"].upper() if character.isalnum())


class PhoneCaseForm(IntakeForm):
    """The portal's form of a new case with the portal's checks, filled in for a caller; critical cases are taken."""

    started_at = moment_field(
        _("Start of the call"), help_text=_("The case counts as opened then, and its SLA clocks start then.")
    )
    notes = WordsField(label=_("What else was said"), required=False, help_text=_("The customer reads it."))
    is_taken = forms.BooleanField(label=_("Assign to me"), required=False, initial=True)

    def __init__(self, data=None, **options):
        super().__init__(data, channel=Case.Channel.PHONE, **options)
        del self.fields["files"]  # nobody hands over files by phone; those of a draft come along

    def clean_started_at(self):
        """In the past, and not long ago."""
        started_at = latest_past(self.cleaned_data["started_at"], self.now)
        if started_at > self.now:
            raise ValidationError(gettext("Enter a time that is not in the future."))
        if started_at < self.now - LATEST:
            raise ValidationError(gettext("Enter a time within the last 7 days."))
        return started_at
