"""What the care team types in RCA documents (UX S9): each text once for each language, times in UTC."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms import ActionForm, WordsField
from cases.models import User
from escalations.incident_words import state_words
from escalations.models import Incident, RcaAction
from escalations.rca_sections import SECTIONS, TIMELINE, untranslated

from .moment_fields import YEARS

STATES = ("INVESTIGATING", "IDENTIFIED", "MONITORING", "RESTORED")


class UtcField(forms.DateTimeField):
    """A moment on the clock of UTC, to the minute."""

    def __init__(self, **options):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "w-m"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)

    def to_python(self, value):
        with timezone.override(UTC):
            moment = super().to_python(value)
        if moment and moment.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment

    def prepare_value(self, value):
        return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, and the languages in which there is no text yet."""

    heading: str
    fields: list
    missing: list[str]


class DocumentForm(ActionForm):
    """A form about a document; its `version` is the revision that the person saw."""

    def __init__(self, *args, revision=None, **options):
        super().__init__(*args, **options)
        self.initial.setdefault("version", revision)

    @property
    def effect_key(self):
        """The key and all that was typed: who comes Back, writes something else and sends it does not lose it to the first text."""
        return uuid.uuid5(self.cleaned_data["key"], repr([self.data.get(name) for name in self.fields]))

    def _add_words(self, prefix, heading, words):
        for code, language in settings.LANGUAGES:
            self.fields[f"{prefix}_{code}"] = WordsField(label=f"{heading} ({language})", required=False)
            self.fields[f"{prefix}_{code}"].widget.attrs |= {"lang": code, "rows": 3}
            self.initial.setdefault(f"{prefix}_{code}", words.get(code, ""))

    def _words(self, prefix):
        return {code: self.cleaned_data[f"{prefix}_{code}"] for code, _name in settings.LANGUAGES}


class DraftForm(DocumentForm):
    """The sections and the timeline of a draft. A row without a time is taken out."""

    def __init__(self, *args, draft, **options):
        super().__init__(*args, revision=draft.revision, **options)
        self.draft = draft
        for code, heading in SECTIONS.items():
            self._add_words(code, heading, draft.sections.get(code, {}))
        for number, row in enumerate([*draft.timeline, {"at": "", "state": "", "words": {}}], 1):
            self._add_row(number, row)

    def _add_row(self, number, row):
        heading = f"{TIMELINE} {number}"
        self.fields[f"at_{number}"] = UtcField(label=f"{heading}: {_('Time (UTC)')}", required=False)
        self.initial[f"at_{number}"] = datetime.fromisoformat(row["at"]) if row["at"] else None
        states = [("", "–"), *((state, state_words(state)) for state in self._states(row["state"]))]
        self.fields[f"state_{number}"] = forms.ChoiceField(label=f"{heading}: {_('State')}", choices=states, required=False)
        self.initial[f"state_{number}"] = row["state"]
        self._add_words(f"row_{number}", heading, row["words"])

    @staticmethod
    def _states(state):
        return STATES if state in (*STATES, "") or state not in Incident.State.values else (state, *STATES)

    @property
    def _row_numbers(self):
        return range(1, len(self.draft.timeline) + 2)

    def clean(self):
        """A text in the timeline needs its time."""
        super().clean()
        for number in self._row_numbers:
            has_words = any(self.cleaned_data.get(f"row_{number}_{code}") for code, _name in settings.LANGUAGES)
            is_new = number > len(self.draft.timeline)
            if is_new and has_words and not self.cleaned_data.get(f"at_{number}") and f"at_{number}" not in self.errors:
                self.add_error(f"at_{number}", _("Enter the time of this row."))
        return self.cleaned_data

    @property
    def arguments(self):
        """What was typed, by the names of the action's parameters."""
        rows = [
            {"at": at.isoformat(), "state": self.cleaned_data[f"state_{number}"], "words": self._words(f"row_{number}")}
            for number in self._row_numbers
            if (at := self.cleaned_data[f"at_{number}"])
        ]
        return {"sections": {code: self._words(code) for code in SECTIONS}, "timeline": rows}

    @property
    def section_groups(self):
        return [self._group(heading, code, [], self.draft.sections.get(code, {})) for code, heading in SECTIONS.items()]

    @property
    def row_groups(self):
        rows = [row["words"] for row in self.draft.timeline]
        groups = [
            self._group(f"{TIMELINE} {number}", f"row_{number}", [f"at_{number}", f"state_{number}"], words)
            for number, words in enumerate(rows, 1)
        ]
        number = len(rows) + 1
        names = [f"at_{number}", f"state_{number}"]
        return [*groups, self._group(_("New row"), f"row_{number}", names, dict.fromkeys(dict(settings.LANGUAGES), "-"))]

    def _group(self, heading, prefix, names, words):
        names = [*names, *(f"{prefix}_{code}" for code, _name in settings.LANGUAGES)]
        languages = dict(settings.LANGUAGES)
        return Group(heading, [self[name] for name in names], [languages[code] for code in untranslated(words)])


class DocumentStepForm(DocumentForm):
    """One of the steps from draft to published."""

    step = forms.ChoiceField(choices=[(step, step) for step in ("submit", "send_back", "approve", "publish", "new_version")])
    note = WordsField(label=_("What has to be changed"), required=False)


class _Following(DocumentForm):
    owner = forms.ModelChoiceField(label=_("Owner of the action"), queryset=User.objects.none(), required=False)
    due_on = forms.DateField(
        label=_("Due date"), required=False, widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["owner"].queryset = User.objects.filter(is_staff=True, is_active=True).order_by("name", "pk")


class ActionTextForm(_Following):
    """An action while its document is a draft."""

    kind = forms.ChoiceField(label=_("Kind"), choices=RcaAction.Kind, widget=forms.RadioSelect, initial="CORRECTIVE")

    def __init__(self, *args, action=None, **options):
        super().__init__(*args, revision=action and action.revision, **options)
        self._add_words("words", _("Text"), action.words if action else {})
        if action:
            self.initial |= {"kind": action.kind, "owner": action.owner_id, "due_on": action.due_on}
        self.order_fields(["key", "version", "kind", *(f"words_{code}" for code, _name in settings.LANGUAGES), "owner", "due_on"])

    @property
    def arguments(self):
        """What was typed, by the names of the action's parameters."""
        return {**{name: self.cleaned_data[name] for name in ("kind", "owner", "due_on")}, "words": self._words("words")}


class FollowForm(_Following):
    """How far an action is."""

    state = forms.ChoiceField(label=_("State"), choices=RcaAction.State, widget=forms.RadioSelect)

    def __init__(self, *args, action, **options):
        super().__init__(*args, revision=action.revision, **options)
        self.initial |= {"state": action.state, "owner": action.owner_id, "due_on": action.due_on}
        self.fields["owner"].required = self.fields["due_on"].required = True

    @property
    def arguments(self):
        """What was chosen, by the names of the action's parameters."""
        return {name: self.cleaned_data[name] for name in ("state", "owner", "due_on")}
