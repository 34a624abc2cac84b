"""What if another version had counted? Past cases under a draft or published policy or calendar (SPEC 5, ISSUE 3.8)."""

from datetime import timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases.case_filter import ANY_TIME, local_midnight
from cases.csv_text import lines_of, streamed
from cases.models import Case
from cases.permissions import can_publish
from cases.simulation import cases_to_replay, replays
from sla.models import CalendarVersion, PolicyVersion
from sla.simulate import Tally

from .differences import DIFFERENCE_COLUMNS, difference_rows
from .rights import require
from .trail import log_export

DAYS = 30  # the period that is proposed
REPLAYED = 3000  # cases that a page replays; the CSV has all of them
SHOWN = 100  # clocks that differ


class VersionChoice(forms.ModelChoiceField):
    """Versions by name, drafts marked."""

    def label_from_instance(self, version):
        return str(version) if version.published_at else gettext("%(version)s (draft)") % {"version": version}


class SimulationForm(forms.Form):
    policy = VersionChoice(
        label=_("Support policy"), required=False, queryset=PolicyVersion.objects.none(), empty_label=_("As it is")
    )
    calendar = VersionChoice(
        label=_("Calendar"), required=False, queryset=CalendarVersion.objects.none(), empty_label=_("As it is")
    )
    since = forms.DateField(
        label=_("Opened from"), validators=ANY_TIME, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Opened until"), validators=ANY_TIME, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        policies = PolicyVersion.objects.select_related("policy").defer("source", "rules")
        self.fields["policy"].queryset = policies.order_by("policy__code", "-number")
        calendars = CalendarVersion.objects.select_related("calendar").defer("definition")
        self.fields["calendar"].queryset = calendars.order_by("calendar__code", "-number")

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("policy") and not cleaned.get("calendar"):
            raise ValidationError(gettext("Choose a version of a policy, of a calendar, or of both."))
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", gettext("The last day lies before the first."))
        return cleaned

    @property
    def versions(self):
        return {"policy": self.cleaned_data["policy"], "calendar": self.cleaned_data["calendar"]}

    def cases_of(self, user):
        """The cases that the user may see and that are to be replayed."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"] + timedelta(days=1)
        cases = Case.objects.visible_to(user).filter(opened_at__gte=local_midnight(since), opened_at__lt=local_midnight(until))
        return cases_to_replay(cases, **self.versions)


@require_safe
def care_simulate(request):
    """Choose a version and a period; see compliance now and then, and the clocks that differ."""
    require(can_publish(request.user))
    today = timezone.localdate()
    period = {"since": today - timedelta(days=DAYS), "until": today}
    is_asked = any(request.GET.get(name) for name in ("policy", "calendar"))
    form = SimulationForm({**period, **request.GET.dict()} if is_asked or "since" in request.GET else None, initial=period)
    context = {"form": form, "now": timezone.now(), "query": request.GET.urlencode()}
    if form.is_bound and form.is_valid():
        context["result"] = result_of(form, request.user, now=context["now"])
    return render(request, "care/simulate.html", context, status=422 if form.is_bound and not form.is_valid() else 200)


def result_of(form, user, *, now):
    """Compliance now and then by kind and severity, and the first clocks that differ."""
    found = list(islice(replays(form.cases_of(user), **form.versions, now=now), REPLAYED + 1))
    tally, seen = Tally(), found[:REPLAYED]
    for replay in seen:
        tally.count(replay.before, replay.after)
    differing = [(replay.case, change) for replay in seen for change in replay.differences]
    return {
        "replayed": len(seen),
        "is_all": len(found) <= REPLAYED,
        "rows": tally.rows(),
        "count": len(differing),
        "missed": sum(change.breaches for _case, change in differing),
        "saved": sum(change.is_saved for _case, change in differing),
        "differences": sorted(differing, key=lambda found: not (found[1].breaches or found[1].is_saved))[:SHOWN],
    }


@require_safe
def care_simulate_csv(request):
    """Every clock that would come out differently."""
    require(can_publish(request.user))
    form, now = SimulationForm(request.GET), timezone.now()
    if not form.is_valid():
        return render(request, "care/simulate.html", {"form": form, "now": now, "query": ""}, status=422)
    log_export(request.user, Case, f"simulate {request.GET.urlencode()}"[:200])
    found = replays(form.cases_of(request.user), **form.versions, now=now)
    rows = (row for replay in found for row in difference_rows(replay.case, replay.differences))
    lines = lines_of(DIFFERENCE_COLUMNS, rows, time_zone=ZoneInfo(request.user.time_zone))
    return streamed(lines, filename=f"simulation-{now:%Y-%m-%d}.csv")
