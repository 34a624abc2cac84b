"""The forms of the customer's case page."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from sla.policies import rules_of
from sla.priority_ways import ways_up
from sla.texts import in_language

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


class PriorityRequestForm(CaseActionForm):
    """A higher priority, and why. What only a call brings is not offered here."""

    code = forms.ChoiceField(label=_("Priority you need"), widget=forms.RadioSelect)
    reason = WordsField(label=_("What has changed?"), help_text=_("How your business is affected now, and since when."))

    def __init__(self, *args, case, **options):
        super().__init__(*args, case=case, **options)
        offered = [way for way in ways_up(rules_of(case.policy_version), case.priority_code) if not way.is_by_phone]
        self.fields["code"].choices = [(way.priority.code, in_language(way.priority.name)) for way in offered]
        self.fields["code"].choice_hints = {
            way.priority.code: " ".join(filter(None, (in_language(way.priority.definition), in_language(way.clause))))
            for way in offered
        }
        if len(offered) == 1:
            self.initial.setdefault("code", offered[0].priority.code)

    @property
    def arguments(self):
        return super().arguments | {"code": self.cleaned_data["code"]}


class ContestForm(CaseActionForm):
    """Why the severity does not fit."""

    reason = WordsField(label=_("Why does the severity not fit?"))
