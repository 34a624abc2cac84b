"""What the queue and the list of all cases can be narrowed to. Every choice is in the URL, so that a link is a filter (UX S1)."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.models.cases import key_of

SOON = timedelta(hours=1)
RANKS = [("1", _("1 – Critical")), ("2", _("2 – High")), ("3", _("3 – Medium")), ("4", _("4 – Low"))]
OPEN_STATUSES = [choice for choice in Case.Status.choices if choice[0] != Case.Status.CLOSED]


def overdue(cases, now):
    """Cases with a clock past its due time."""
    return cases.filter(next_due_at__lte=now)


def due_soon(cases, now):
    """Cases with a clock that falls due within the hour."""
    return cases.filter(next_due_at__gt=now, next_due_at__lte=now + SOON)


class QueueFilter(forms.Form):
    """The queue's filter. Nonsense in the URL narrows nothing."""

    any_label = _("All")
    q = forms.CharField(label=_("Number or words"), required=False, max_length=200, widget=forms.TextInput({"type": "search"}))
    customer = forms.CharField(label=_("Customer"), required=False, max_length=200)
    severity = forms.ChoiceField(label=_("Severity"), required=False, choices=[("", any_label), *RANKS])
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", any_label), *OPEN_STATUSES])
    owner = forms.ChoiceField(
        label=_("Case owner"), required=False, choices=[("", any_label), ("me", _("My cases")), ("none", _("Unassigned"))]
    )
    due = forms.ChoiceField(
        label=_("Due"), required=False, choices=[("", any_label), ("overdue", _("Overdue")), ("soon", _("Due within 1 hour"))]
    )

    def __init__(self, data, *, user, now):
        super().__init__(data)
        self.user, self.now = user, now
        self.full_clean()

    def narrow(self, cases):
        """The cases that the filter lets through."""
        for name, value in self.chosen().items():
            cases = getattr(self, f"by_{name}")(cases, value)
        return cases

    def chosen(self):
        """The filter's fields that are set, with their clean values."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def in_words(self):
        """Each set field as "label: value", for the empty list."""
        return [format_lazy("{}: {}", self.fields[name].label, self._words(name, value)) for name, value in self.chosen().items()]

    def _words(self, name, value):
        return dict(getattr(self.fields[name], "choices", ())).get(value, value)

    def by_q(self, cases, value):
        return cases.filter(pk=key_of(value)) if key_of(value) else cases.filter(subject__icontains=value)

    def by_customer(self, cases, value):
        return cases.filter(Q(organization__short_name=value.lower()) | Q(organization__name__icontains=value))

    def by_severity(self, cases, value):
        return cases.filter(urgency_rank=int(value))

    def by_status(self, cases, value):
        return cases.filter(status=value)

    def by_owner(self, cases, value):
        return cases.filter(owner=self.user if value == "me" else None)

    def by_due(self, cases, value):
        return {"overdue": overdue, "soon": due_soon}[value](cases, self.now)
