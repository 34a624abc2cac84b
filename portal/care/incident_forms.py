"""What the care team types about platform incidents (UX S7, S8): texts in four languages, places, moments. Rights are asked by the actions."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cases.forms import ActionForm, LineField, WordsField
from cases.models import Case, Organization
from cases.models.cases import key_of
from escalations.actions.incidents import TOLD_STATES, IncidentFacts
from escalations.incident_words import SEVERITIES
from escalations.models import Component, Incident, IncidentComponent, Region
from sla.texts import ENGLISH

from .moment_fields import first_future, latest_past, moment_field

State = Incident.State
ALL = ("", pgettext_lazy("filter", "All"))
UNAFFECTED = ("", _("Not affected"))


def add_texts(form, name, label, *, texts=None, line=False, needed=True):
    """A field for each language, `title_en` to `title_ru`, which says where a translation is missing. English is required where `needed`."""
    for code, language in settings.LANGUAGES:
        is_english = code == ENGLISH
        known = (texts or {}).get(code, "")
        field = (LineField if line else WordsField)(
            label=gettext("%(what)s (%(language)s)") % {"what": label, "language": language},
            required=is_english and needed,
            initial=known,
            help_text=""
            if is_english or known
            else gettext("Not translated. Until it is, readers get the English text, marked as such."),
        )
        field.widget.attrs["lang"] = code
        if not line:
            field.widget.attrs["rows"] = 4
        form.fields[f"{name}_{code}"] = field


def texts_of(form, name):
    """What was typed, by language; empty ones are left out."""
    typed = {code: form.cleaned_data.get(f"{name}_{code}", "") for code, _language in settings.LANGUAGES}
    return {code: text for code, text in typed.items() if text}


class IncidentForm(ActionForm):
    """A form about an incident, as it was when the form was shown."""

    def __init__(self, *args, incident=None, now, **options):
        super().__init__(*args, case=incident, **options)
        self.incident, self.now = incident, now

    def show_again_for(self, incident):
        """After somebody else's change: what was typed stays, and sending it again is meant for the incident as it is now."""
        self.data = self.data.copy()
        self.data["version"] = incident.version

    def _past(self, name):
        moment = latest_past(self.cleaned_data[name], self.now)
        if moment > self.now:
            raise ValidationError(gettext("Enter a time that is not in the future."))
        return moment


class FactsForm(IncidentForm):
    """What the incident is, and which component it affects in which region, and how badly."""

    severity_rank = forms.TypedChoiceField(label=_("Severity"), coerce=int, choices=list(SEVERITIES.items()))
    started_at = moment_field(pgettext_lazy("incident", "Started"))

    def __init__(self, *args, incident=None, now, **options):
        super().__init__(*args, incident=incident, now=now, **options)
        is_ours = incident is not None and not incident.cluster_key
        add_texts(self, "title", gettext("Title"), texts=incident.title if is_ours or _is_public(incident) else None, line=True)
        if incident:
            self.initial.update(severity_rank=incident.severity_rank, started_at=incident.started_at)
        self.places = {}
        for component in Component.objects.filter(is_active=True).prefetch_related("regions"):
            for region in component.regions.all():
                self._add_place(component, region)
        for row in incident.affected.select_related("component", "region") if incident else ():
            self._add_place(row.component, row.region, row.impact)  # also one that has left the status page since

    def _add_place(self, component, region, impact=""):
        name = f"place_{component.pk}_{region.pk}"
        self.places[name] = (component, region)
        label = gettext("%(component)s in %(region)s") % {"component": component, "region": region}
        choices = [UNAFFECTED, *IncidentComponent.Impact.choices]
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, initial=impact)

    def clean_started_at(self):
        return self._past("started_at")

    @property
    def facts(self):
        """What was typed, as the actions take it."""
        chosen = [(*place, self.cleaned_data[name]) for name, place in self.places.items() if self.cleaned_data[name]]
        return IncidentFacts(texts_of(self, "title"), self.cleaned_data["severity_rank"], self.cleaned_data["started_at"], chosen)


def _is_public(incident):
    return incident is not None and incident.declared_at is not None


class UpdateForm(IncidentForm):
    """A public word on the incident (S8). Restoring also asks when, and what the linked cases are told."""

    state = forms.ChoiceField(
        label=_("State"), choices=[(state, state.label) for state in (*TOLD_STATES, State.RESTORED)], widget=forms.RadioSelect
    )

    def __init__(self, *args, incident, now, **options):
        super().__init__(*args, incident=incident, now=now, **options)
        self.initial.setdefault("state", incident.state if incident.state in TOLD_STATES else State.INVESTIGATING)
        add_texts(self, "words", gettext("Update"))
        self.fields["next_update_at"] = moment_field(
            gettext("Next update promised for"),
            required=False,
            help_text=gettext("Everybody reads it. Not for the state “Resolved”."),
        )
        self.fields["restored_at"] = moment_field(
            gettext("Service restored"),
            required=False,
            help_text=gettext("Only for the state “Resolved”: the RCA targets run from it."),
        )
        add_texts(self, "summary", gettext("Incident summary"), needed=False)
        self.fields["summary_en"].help_text = gettext("Only for the state “Resolved”: it is written into every linked case.")

    def clean_next_update_at(self):
        moment = self.cleaned_data["next_update_at"]
        if moment is None:
            return None
        moment = first_future(moment, self.now)
        if moment <= self.now:
            raise ValidationError(gettext("The promised time must lie in the future."))
        return moment

    def clean_restored_at(self):
        return self._past("restored_at") if self.cleaned_data["restored_at"] else None

    def clean(self):
        asked = super().clean()
        if asked.get("state") == State.RESTORED:
            for name in ("restored_at", "summary_en"):
                if name not in self.errors and not asked.get(name):
                    self.add_error(name, self.fields[name].error_messages["required"])
        return asked

    @property
    def words(self):
        return texts_of(self, "words")

    @property
    def summary(self):
        return texts_of(self, "summary")

    @property
    def is_restoring(self):
        return self.cleaned_data["state"] == State.RESTORED


class TranslationForm(IncidentForm):
    """The translations that an update still lacks."""

    def __init__(self, *args, update, **options):
        super().__init__(*args, **options)
        add_texts(self, "words", gettext("Update"), needed=False)
        for code in update.words:
            self.fields.pop(f"words_{code}", None)
        for field in self.fields.values():
            field.help_text = ""

    @property
    def words(self):
        return texts_of(self, "words")


class LinkForm(ActionForm):
    """One case, to one of the incidents that cases can be linked to."""

    incident = forms.ModelChoiceField(
        label=_("Incident"), queryset=Incident.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, incidents, **options):
        super().__init__(*args, **options)
        self.fields["incident"].queryset = incidents
        self.fields["incident"].label_from_instance = lambda incident: f"{incident.number} {incident.title_text}"


class CasesFilterForm(forms.Form):
    """Which cases may belong to an incident: found by what they have in common, or named by their numbers."""

    organization = forms.ModelChoiceField(
        label=_("Customer"), queryset=Organization.objects.none(), required=False, empty_label=ALL[1]
    )
    region = forms.ChoiceField(label=_("Cloud region"), required=False)
    product_area = forms.CharField(label=_("Product area"), required=False, max_length=80)
    since = moment_field(_("Opened since"), required=False)
    words = forms.CharField(label=_("Words in the subject"), required=False, max_length=200)
    numbers = forms.CharField(
        label=_("Case numbers"),
        required=False,
        max_length=2000,
        help_text=_("Instead of the filter: several, separated by spaces."),
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["organization"].queryset = Organization.objects.visible_to(user).order_by("name")
        self.fields["region"].choices = [ALL, *((region.code, str(region)) for region in Region.objects.all())]

    @property
    def is_narrowed(self):
        """Was something asked beside the time? If not, what is listed has nothing in common, and nothing is ticked beforehand."""
        return any(self.cleaned_data.get(name) for name in self.fields if name != "since")

    def narrow(self, cases):
        """The cases that the readable fields ask for."""
        asked = self.cleaned_data
        conditions = {
            "organization": asked.get("organization"),
            "organization__cloud_region": asked.get("region"),
            "product_area__icontains": asked.get("product_area"),
            "opened_at__gte": asked.get("since"),
        }
        cases = cases.filter(**{name: value for name, value in conditions.items() if value})
        for word in asked.get("words", "").split():
            cases = cases.filter(subject__icontains=word)
        return cases

    @property
    def asked_numbers(self):
        """The case numbers that were typed, each once."""
        return list(dict.fromkeys(self.cleaned_data.get("numbers", "").replace(",", " ").split()))


def cases_numbered(numbers, *, user):
    """The cases of these numbers that the user may see, and the numbers for which there is none, or none that is theirs."""
    keys = {number: key_of(number) for number in numbers}
    found = {case.pk: case for case in Case.objects.visible_to(user).filter(pk__in=[key for key in keys.values() if key])}
    return list(found.values()), [number for number, key in keys.items() if key not in found]
