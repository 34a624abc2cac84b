"""The forms of the customer's case page."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import ActionForm, HiddenNumber, WordsField


class CaseActionForm(ActionForm):
    """An action on the case as the customer saw it: `seen` is the latest activity that was on the screen."""

    seen = HiddenNumber(required=False)

    def __init__(self, *args, seen=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen", seen)

    @property
    def effect_key(self):
        """The key and the words: somebody who comes Back, writes something else and sends it does not lose it to the first text."""
        words = "\x1f".join(self.cleaned_data[name] for name in self.words)
        return uuid.uuid5(self.cleaned_data["key"], words)

    @property
    def words(self):
        """The names of the fields in which somebody writes."""
        return [name for name, field in self.fields.items() if isinstance(field, WordsField)]

    @property
    def arguments(self):
        """What the form adds to the action's call."""
        return {name: self.cleaned_data[name] for name in self.words}

    @property
    def typed(self):
        """What was typed, to be given back where it cannot be sent."""
        return [text for name in self.words if (text := self[name].value())]


class ReplyForm(CaseActionForm):
    """The reply. Its files are kept with the draft by the view, before the rest is looked at."""

    text = WordsField(label=_("Message"))
    files = forms.FileField(label=_("Attachments"), required=False)


class ReasonForm(CaseActionForm):
    """Why the problem is not solved, or why the case is opened again: one question."""

    reason = WordsField(label=_("What still happens?"))
