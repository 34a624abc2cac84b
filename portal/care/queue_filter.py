"""What the queue and the list of all cases can be narrowed to. Every choice is in the URL, so that a link is a filter (UX S1)."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case_filter import CaseFilterForm
from cases.models import Case, UrgencyRequest
from sla.clock_words import NAMES
from sla.compliance import ENDS, UPDATES, kinds_of, with_verdict
from sla.models import Clock
from sla.verdicts import LATE, ON_TIME, OPEN

SOON = timedelta(hours=1)
ALL = ("", pgettext_lazy("filter", "All"))
CLOCKS = [*NAMES.items(), (UPDATES, _("Updates")), (ENDS, _("Restoration and resolution"))]
VERDICTS = [(ON_TIME, _("Kept")), (LATE, _("Breached")), (OPEN, _("Not decided yet"))]


def overdue(cases, now):
    """Cases with a clock past its due time."""
    return cases.filter(next_due_at__lte=now)


def due_soon(cases, now):
    """Cases with a clock that falls due within the hour."""
    return cases.filter(next_due_at__gt=now, next_due_at__lte=now + SOON)


class CareFilterForm(CaseFilterForm):
    """The filter of the list of all cases: the customers' filter, asked with the care team's words."""

    turn = mine = sort = None
    customer = forms.CharField(label=_("Customer"), required=False, max_length=200)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ALL, *Case.Status.choices])
    owner = forms.ChoiceField(
        label=_("Case owner"), required=False, choices=[ALL, ("me", _("My cases")), ("none", _("Unassigned"))]
    )
    due = forms.ChoiceField(
        label=_("Due"), required=False, choices=[ALL, ("overdue", _("Overdue")), ("soon", _("Due within 1 hour"))]
    )

    asks = forms.ChoiceField(
        label=_("Requests"), required=False, choices=[ALL, ("urgency", _("Priority or severity to be answered"))]
    )
    policy = forms.CharField(label=_("Support policy"), required=False, max_length=50)
    plan = forms.CharField(label=_("Support plan"), required=False, max_length=32)
    clock = forms.ChoiceField(label=pgettext_lazy("sla", "Clock"), required=False, choices=[ALL, *CLOCKS])
    verdict = forms.ChoiceField(label=_("Promise"), required=False, choices=[ALL, *VERDICTS])

    def narrow(self, cases, *, user, now):
        """The cases that the readable fields ask for."""
        cases = super().narrow(cases, user=user)
        asked = self.cleaned_data
        if asked.get("policy"):
            cases = cases.filter(policy_version__policy__code=asked["policy"])
        if asked.get("plan"):
            cases = cases.filter(plan=asked["plan"])
        if asked.get("clock") or asked.get("verdict"):
            cases = cases.filter(_of_clocks(asked.get("clock"), asked.get("verdict"), now))
        if asked.get("customer"):
            cases = cases.filter(of_customer(asked["customer"]))
        if asked.get("status"):
            cases = cases.filter(status=asked["status"])
        if asked.get("owner"):
            cases = cases.filter(owner=user if asked["owner"] == "me" else None)
        if asked.get("asks"):
            cases = cases.filter(pk__in=UrgencyRequest.objects.visible_to(user).unanswered().values("case"))
        if asked.get("due"):
            cases = {"overdue": overdue, "soon": due_soon}[asked["due"]](cases.open(), now)
        return cases

    @property
    def is_narrowed_otherwise(self):
        """Is there more than a search? Then the other fields are shown; also when one of them is wrong."""
        return bool(self.errors) or any(value for name, value in self.cleaned_data.items() if name != "q")

    def in_words(self):
        """Each field that narrows, as (label, value), for the empty list."""
        return [(self[name].label, self._shown(name, value)) for name, value in self.cleaned_data.items() if value]

    def _shown(self, name, value):
        return dict(getattr(self.fields[name], "choices", ())).get(value, value)


class QueueFilterForm(CareFilterForm):
    """The filter of the queue, which holds open cases only."""

    since = until = policy = plan = clock = verdict = None
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[ALL, *(choice for choice in Case.Status.choices if choice[0] != Case.Status.CLOSED)],
    )


def _of_clocks(name, verdict, now):
    """Cases with such a clock: of this kind or group of kinds, with this verdict."""
    clocks = with_verdict(Clock.objects.filter(case=OuterRef("pk"), kind__in=kinds_of(name)), now=now)
    return Exists(clocks.filter(verdict=verdict) if verdict else clocks)


def of_customer(words, path="organization"):
    """By short name or ID exactly, by a part of the name; `path` leads to the organization."""
    try:
        return Q(**{f"{path}__organization_id": UUID(words)})
    except ValueError:
        pass
    return Q(**{f"{path}__short_name": words.lower()}) | Q(**{f"{path}__name__icontains": words})


def query_of(parameters, form_class):
    """The filter as links carry it: "q=disk&owner=me", or "" where nothing narrows."""
    return urlencode({name: parameters[name] for name in form_class.base_fields if parameters.get(name)})
