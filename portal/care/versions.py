"""Publishing a version of a policy or calendar, after seeing what it would do to open cases; moving them is a step of its own (ISSUE 3.7)."""

from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions
from cases.csv_text import lines_of, streamed
from cases.decision import Refused
from cases.forms import ActionForm
from cases.models import Case
from cases.permissions import can_publish
from cases.terms import cases_to_move, effects_of_move
from sla.models import CalendarVersion, PolicyVersion
from sla.publishing import AlreadyPublished, Outdated

from .differences import DIFFERENCE_COLUMNS, difference_rows
from .rights import require
from .trail import log_export

KINDS = {"policy": (PolicyVersion, "policy"), "calendar": (CalendarVersion, "calendar")}
LOOKED_AT = 3000  # cases that a page works out; the CSV has all of them
SHOWN = 100  # clocks
MOVED_AT_ONCE = 300  # cases; each is a write of its own, and a request should not take minutes


@dataclass(frozen=True, slots=True)
class Preview:
    """What moving the open cases to a version would do, as far as the reader may see them."""

    looked_at: int
    is_all: bool
    moved: int  # clocks
    breached: int
    differences: list  # (case, Difference), the first ones; what would breach comes first


class MoveForm(ActionForm):
    """Moving is confirmed apart from publishing."""

    is_sure = forms.BooleanField(
        label=gettext_lazy("Move these cases. What is not met yet is counted anew, and the customers see it in the timeline."),
        error_messages={"required": gettext_lazy("Confirm that the cases are to be moved.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def care_publish(request, kind, key):
    """Show what a version would do to open cases; put a draft in force for new ones (POST)."""
    require(can_publish(request.user))
    version = _version_of(kind, key)
    form = ActionForm(request.POST)
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect(
            form.send_once(lambda: _publish(request, kind, version), by=request.user, now=timezone.now()), status=303
        )
    return _show(request, kind, version, MoveForm())


@require_POST
def care_move(request, kind, key):
    """Move open cases to a published version, so many at a time."""
    require(can_publish(request.user))
    version, form = _version_of(kind, key), MoveForm(request.POST)
    if not form.is_valid():
        return _show(request, kind, version, form, status=422)
    try:
        url = form.send_once(lambda: _move(request, kind, version), by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.reason)
        url = _url(kind, version)
    return HttpResponseRedirect(url, status=303)


@require_safe
def care_publish_csv(request, kind, key):
    """Every clock that moving the open cases would change."""
    require(can_publish(request.user))
    version, now = _version_of(kind, key), timezone.now()
    log_export(request.user, type(version), f"{kind} {version}")
    effects = effects_of_move(Case.objects.visible_to(request.user), version, now=now)
    rows = (row for effect in effects for row in difference_rows(effect.case, effect.differences))
    lines = lines_of(DIFFERENCE_COLUMNS, rows, time_zone=ZoneInfo(request.user.time_zone))
    return streamed(lines, filename=f"move-{now:%Y-%m-%d}.csv")


def _version_of(kind, key):
    if kind not in KINDS:
        raise Http404
    model, owner = KINDS[kind]
    return get_object_or_404(model.objects.select_related(owner), pk=key)


def _publish(request, kind, version):
    try:
        actions.publish_version(version, by=request.user, now=timezone.now())
        messages.success(request, _("The version is published. New cases are opened under it; open cases keep theirs."))
    except AlreadyPublished:
        messages.warning(request, _("This version was published before."))
    except Outdated:
        messages.error(request, _("A later version is in force already. Make a new draft."))
    return _url(kind, version)


def _move(request, kind, version):
    now, moved = timezone.now(), 0
    to_move = cases_to_move(Case.objects.visible_to(request.user), version).order_by("pk")
    for case in to_move[:MOVED_AT_ONCE]:
        moved += actions.move_case(case, by=request.user, version=version, now=now) is not None
    told = ngettext("%(count)s case was moved.", "%(count)s cases were moved.", moved) % {"count": moved}
    messages.success(request, f"{told} {_('There are more: go on below.')}" if to_move.exists() else told)
    return _url(kind, version)


def _url(kind, version):
    return reverse("admin:care_publish", args=[kind, version.pk])


def _show(request, kind, version, form, *, status=200):
    now = timezone.now()
    context = {
        "version": version,
        "kind": kind,
        "name": version.policy.code if kind == "policy" else version.calendar.code,
        "version_url": reverse(f"admin:sla_{version._meta.model_name}_change", args=[version.pk]),
        "preview": preview_of(Case.objects.visible_to(request.user), version, now=now),
        "moved_at_once": MOVED_AT_ONCE,
        "form": form,
        "now": now,
    }
    return render(request, "care/publish.html", context, status=status)


def preview_of(cases, version, *, now):
    """What moving the open ones among `cases` to `version` would do; looks at no more than `LOOKED_AT` of them."""
    effects = list(islice(effects_of_move(cases, version, now=now), LOOKED_AT + 1))
    seen = effects[:LOOKED_AT]
    differences = [(effect.case, change) for effect in seen for change in effect.differences]
    differences.sort(key=lambda found: not found[1].breaches)
    return Preview(
        looked_at=len(seen),
        is_all=len(effects) <= LOOKED_AT,
        moved=sum(change.moves for _case, change in differences),
        breached=sum(change.breaches for _case, change in differences),
        differences=differences[:SHOWN],
    )
