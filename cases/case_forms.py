"""The forms of the customer's case page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import ActionForm, WordsField


class CaseActionForm(ActionForm):
    """An action on the case as the customer saw it: `seen` is the latest activity that was on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, seen=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen", seen)

    @property
    def arguments(self):
        """What the form adds to the action's call."""
        return {}

    @property
    def typed(self):
        """What was typed, to be given back where it cannot be sent."""
        return [text for name in self.fields if isinstance(self.fields[name], WordsField) and (text := self[name].value())]


class ReplyForm(CaseActionForm):
    text = WordsField(label=_("Message"))

    @property
    def arguments(self):
        return {"text": self.cleaned_data["text"]}


class ReasonForm(CaseActionForm):
    """Why the problem is not solved, or why the case is opened again: one question."""

    reason = WordsField(label=_("What still happens?"))

    @property
    def arguments(self):
        return {"reason": self.cleaned_data["reason"]}
