"""Another support plan for an organization, after seeing what it would do to its open cases (SPEC 5, ISSUE 3.3)."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.agreements import agreement_in_force
from cases.decision import Refused
from cases.forms import ActionForm
from cases.models import Case, Organization
from cases.permissions import can_change_plan
from cases.terms import effects_of_plan
from sla.policies import current_version, rules_of
from sla.texts import in_language

from .rights import require
from .steps import INVALID


class PlanForm(ActionForm):
    """The plans that the policy of the agreement knows, but the present one; each with what it would do now."""

    plan = forms.ChoiceField(label=gettext_lazy("New support plan"), widget=forms.RadioSelect)

    def __init__(self, *args, agreement, cases, now, **kwargs):
        super().__init__(*args, **kwargs)
        plans = [plan for plan in rules_of(current_version(agreement.policy)).plans if plan.code != agreement.plan]
        self.fields["plan"].choices = [(plan.code, in_language(plan.name)) for plan in plans]
        self.fields["plan"].choice_hints = {plan.code: _effect(cases, plan.code, now) for plan in plans}


def _effect(cases, plan, now):
    """ "2 open cases; 3 running clocks would move, 1 would be missed at once." """
    effects = list(effects_of_plan(cases, plan, now=now))
    moved = sum(len(effect.moved) for effect in effects)
    missed = sum(len(effect.breached) for effect in effects)
    told = (
        ngettext("%(count)s open case follows.", "%(count)s open cases follow.", len(effects)) % {"count": len(effects)},
        ngettext("%(count)s running clock would move.", "%(count)s running clocks would move.", moved) % {"count": moved},
        ngettext("%(count)s would be missed at once.", "%(count)s would be missed at once.", missed) % {"count": missed},
    )
    return " ".join(told)


@require_http_methods(["GET", "HEAD", "POST"])
def care_plan(request, key):
    """Choose the plan; open cases follow it from now on, what was met or missed stays."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=key)
    require(can_change_plan(request.user, organization))
    now, form = timezone.now(), None
    agreement = agreement_in_force(organization, at=now)
    if agreement:
        cases = Case.objects.visible_to(request.user).filter(agreement=agreement).open()
        posted = (request.POST,) if request.method == "POST" else ()
        form = PlanForm(*posted, agreement=agreement, cases=cases, now=now)
        if posted and form.is_valid():
            try:
                return HttpResponseRedirect(_change(request, form, agreement, now), status=303)
            except Refused as refusal:
                form.add_error(None, refusal.reason)
    context = {"organization": organization, "agreement": agreement, "plan": _plan_name(agreement), "form": form, "now": now}
    return render(request, "care/plan.html", context, status=INVALID if form and form.errors else 200)


def _change(request, form, agreement, now):
    def change():
        actions.change_plan(agreement, by=request.user, plan=form.cleaned_data["plan"], now=now)
        messages.success(request, _("The support plan is changed, and the open cases follow it."))
        return reverse("admin:care_plan", args=[agreement.organization_id])

    return form.send_once(change, by=request.user, now=now)


def _plan_name(agreement):
    if agreement is None:
        return ""
    plans = {plan.code: plan.name for plan in rules_of(current_version(agreement.policy)).plans}
    return in_language(plans.get(agreement.plan, agreement.plan))
