"""What customers type when they ask for an RCA, a discussion of it or further documents."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.case_forms import CaseActionForm
from cases.forms import LineField, WordsField

YEARS = range(2000, 2100)  # others are typing errors, and moments at the end of time cannot be reckoned with


class ProposedField(forms.DateTimeField):
    """A moment on the clock of the reader's zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "w-m"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value):
        """The moment, or None. Raises ValidationError."""
        moment = super().to_python(value)
        if moment and moment.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class RcaRequestForm(CaseActionForm):
    reason = WordsField(label=_("What do you need it for?"))


class MeetingForm(CaseActionForm):
    """Up to three times, on the clock of the reader's zone."""

    reason = WordsField(label=_("What would you like to discuss?"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        labels = (_("First proposed time"), _("Second proposed time"), _("Third proposed time"))
        for number, label in enumerate(labels, 1):
            self.fields[f"time_{number}"] = ProposedField(label=label, required=number == 1)

    @property
    def arguments(self):
        times = [self.cleaned_data[name] for name in ("time_1", "time_2", "time_3")]
        return super().arguments | {"times": [at for at in times if at]}


class DocumentsForm(CaseActionForm):
    text = WordsField(label=_("Which documents do you need?"))
    recipient = LineField(
        label=_("To whom are they to be sent?"), help_text=_("Name and email address of the contact"), limit=200
    )
