"""Form fields for the identifiers a customer gives: the pure rules of `identifiers`, and whose they must be (SPEC 2)."""

from django import forms
from django.core.exceptions import ValidationError

from .identifiers import clean_organization_id, clean_short_name, find_conversation_ids
from .problem import Problem
from .problem_words import CONVERSATION_IDS_SENTENCES, ORGANIZATION_ID_SENTENCES, SHORT_NAME_SENTENCES, sentence

AS_TYPED = {"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false", "class": "w-m"}


class IdentifierField(forms.CharField):
    """A pasted value: read by `_read`, whatever it carries along; what is wrong is told in the words of `sentences`."""

    sentences: dict[str, list[str]] = {}

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs=AS_TYPED))
        super().__init__(strip=False, **kwargs)

    def to_python(self, value):
        """The canonical value, "" where nothing can be seen in the field. Raises ValidationError."""
        text = super().to_python(value)
        try:
            return self._read(text)
        except Problem as problem:
            if problem.code == "empty":
                return ""
            raise ValidationError(sentence(problem, self.sentences), code=problem.code) from problem

    def _read(self, text):
        raise NotImplementedError


class ShortNameField(IdentifierField):
    """The short name of the organization the case is for, and no other; `organizations` are all that the contact may open cases for."""

    sentences = SHORT_NAME_SENTENCES

    def __init__(self, *, organization, organizations, **kwargs):
        super().__init__(**kwargs)
        self.organization, self.organizations = organization, organizations

    def _read(self, text):
        name = clean_short_name(text)
        if name == self.organization.short_name:
            return name
        for other in self.organizations:
            if other.short_name == name:
                raise Problem("of_other", name=name, other=other.name, organization=self.organization.name)
        raise Problem("unknown", name=name, names=", ".join(sorted(each.short_name for each in self.organizations)))


class OrganizationIDField(IdentifierField):
    """The ID of the organization the case is for; the same forms as for the short name."""

    sentences = ORGANIZATION_ID_SENTENCES

    def __init__(self, *, organization, organizations, **kwargs):
        super().__init__(**kwargs)
        self.organization, self.organizations = organization, organizations

    def _read(self, text):
        identifier = clean_organization_id(text)
        if identifier == str(self.organization.organization_id):
            return identifier
        for other in self.organizations:
            if identifier == str(other.organization_id):
                raise Problem("of_other", other=other.name, organization=self.organization.name)
        raise Problem("unknown", organization=self.organization.name)


class ConversationIDsField(forms.CharField):
    """None or several conversation IDs or links of interactions; cleaned to a tuple of canonical IDs."""

    widget = forms.Textarea

    def __init__(self, *, organizations, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={**AS_TYPED, "rows": 2, "class": "short"}))
        super().__init__(strip=False, **kwargs)
        self.organization_ids = [str(each.organization_id) for each in organizations]

    def to_python(self, value):
        """The IDs found. Raises ValidationError with a sentence for each piece that is none."""
        found = find_conversation_ids(super().to_python(value), self.organization_ids)
        if found.problems:
            raise ValidationError(
                [ValidationError(sentence(each, CONVERSATION_IDS_SENTENCES), code=each.code) for each in found.problems]
            )
        return found.ids

    def run_validators(self, value):
        """What Django checks of a text was checked piece by piece."""
