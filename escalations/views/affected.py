"""C3: *I am affected too*: a short form that opens a case which is linked to an active incident from its first moment (SPEC 7)."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases.decision import Refused
from cases.forms import ActionForm, WordsField
from cases.new_case import contacts_organizations

from ..actions.incident_links import open_affected_case
from ..affected import intake_of
from ..models import CaseLink, Incident

INVALID = 422


class AffectedForm(ActionForm):
    """Two fields: whom it concerns, and what they want to add."""

    organization = forms.ChoiceField(label=gettext_lazy("Organization"), widget=forms.RadioSelect)
    words = WordsField(label=gettext_lazy("What do you notice?"), required=False)

    def __init__(self, *args, organizations, **options):
        super().__init__(*args, **options)
        self.organizations = {str(each.organization_id): each for each in organizations}
        self.fields["organization"].choices = [(code, each.name) for code, each in self.organizations.items()]
        if len(self.organizations) == 1:
            self.initial["organization"] = next(iter(self.organizations))

    @property
    def chosen(self):
        return self.organizations[self.cleaned_data["organization"]]


@require_http_methods(["GET", "HEAD", "POST"])
def incident_affected(request, number):
    """Ask what is needed, which is little, and open the case; a second click leads to the same one."""
    organizations = list(contacts_organizations(request.user))
    if not organizations:
        raise PermissionDenied(_("Only designated contacts can open cases."))
    incident = get_object_or_404(Incident.objects.public().numbered(number))
    form = AffectedForm(request.POST if request.method == "POST" else None, organizations=organizations)
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                url = form.send_once(lambda: _opened(request, incident, form), by=request.user, now=timezone.now())
                return HttpResponseRedirect(url, status=303)
            except Refused as refusal:
                form.add_error(None, refusal.reason)
    own = CaseLink.objects.visible_to(request.user).current().filter(incident=incident).select_related("case").order_by("-pk")
    context = {"incident": incident, "form": form, "links": own[:10], "now": timezone.now()}
    return render(request, "escalations/incident_affected.html", context, status=status)


def _opened(request, incident, form):
    now, organization = timezone.now(), form.chosen
    intake = intake_of(incident, organization, words=form.cleaned_data["words"], by=request.user, now=now)
    case = open_affected_case(incident, organization, by=request.user, intake=intake, now=now)
    return reverse("case_sent", args=[case.number])
