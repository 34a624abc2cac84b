"""Which cases a customers' list or export shows: the filter form of C2, and its meaning as a query."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Case
from .models.cases import key_of

Status = Case.Status
NEEDS_YOU = (Status.AWAITING_CUSTOMER, Status.RESOLUTION_PROPOSED)
WITH_US = (Status.NEW, Status.IN_PROGRESS, Status.AWAITING_THIRD_PARTY)
TURNS = {"you": NEEDS_YOU, "us": WITH_US, "closed": (Status.CLOSED,)}
ORDERS = {"": ["-latest_activity_at"], "due": [F("next_due_at").asc(nulls_last=True), "-latest_activity_at"]}
ANY_TIME = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]


def _date_field(label):
    day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=day, validators=ANY_TIME)


class CaseFilterForm(forms.Form):
    """Every field may be empty; what cannot be read is told beside its field and leaves the list as the other fields say."""

    q = forms.CharField(label=_("Number or subject"), max_length=200, required=False, strip=True)
    turn = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", pgettext_lazy("filter", "All")),
            ("you", _("Awaiting your reply")),
            ("us", _("We are working on it")),
            ("closed", pgettext_lazy("case", "Closed")),
        ],
    )
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", pgettext_lazy("filter", "All")), *((rank, f"S{rank}") for rank in (1, 2, 3, 4))],
    )
    since = _date_field(_("Opened from"))
    until = _date_field(_("Opened until"))
    sort = forms.ChoiceField(
        label=_("Sort by"), required=False, choices=[("", _("Latest activity")), ("due", _("Next due time"))]
    )
    mine = forms.BooleanField(label=_("Opened by me"), required=False)
    first_fields = ("q", "turn", "severity")  # the others are shown on demand, so that the list is near on a phone

    def narrow(self, cases, *, user):
        """The cases that the readable fields ask for."""
        self.is_valid()
        asked = self.cleaned_data
        conditions = Q()
        if asked.get("q"):
            conditions &= _about(asked["q"])
        if asked.get("turn"):
            conditions &= Q(status__in=TURNS[asked["turn"]])
        if asked.get("severity"):
            conditions &= Q(urgency_rank=asked["severity"])
        if asked.get("mine"):
            conditions &= Q(opened_by=user)
        if asked.get("since"):
            conditions &= Q(opened_at__gte=local_midnight(asked["since"]))
        if asked.get("until"):
            conditions &= Q(opened_at__lt=local_midnight(asked["until"] + timedelta(days=1)))
        return cases.filter(conditions)

    def in_order(self, cases):
        """The cases in the order asked for; the latest activity first where none is."""
        return cases.order_by(*ORDERS[self.cleaned_data.get("sort", "")], "-pk")

    @property
    def is_narrowing(self):
        """Does any field ask for less than everything?"""
        return any(value for name, value in self.cleaned_data.items() if name != "sort")

    @property
    def has_more(self):
        """Does a field beyond the first ones hold something, or is one wrong? Then all are shown."""
        return bool(self.errors) or any(value for name, value in self.cleaned_data.items() if name not in self.first_fields)


def _about(words):
    subject = Q(subject__icontains=words)
    key = key_of(words)
    return subject | Q(pk=key) if key else subject


def local_midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
