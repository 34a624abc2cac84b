"""A text in four languages as one field of a form: an input for each, English required, the others may stay empty (HOUSE, texts)."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.text_cleaning import clean_characters
from sla.texts import ENGLISH


class TextsWidget(forms.MultiWidget):
    """An input for each language, which says so to whoever hears it."""

    def __init__(self, input_class=forms.TextInput, attrs=None):
        widgets = {
            code: input_class(attrs={"lang": code, "aria-label": name, "placeholder": name}) for code, name in settings.LANGUAGES
        }
        super().__init__(widgets, attrs)

    def decompress(self, value):
        """The stored dict as a list in the order of the languages."""
        return [(value or {}).get(code, "") for code, _name in settings.LANGUAGES]


class TextsField(forms.MultiValueField):
    """The texts by language, without the empty ones. `input_class`: how each is typed."""

    def __init__(self, *, input_class=forms.TextInput, required=True, encoder=None, decoder=None, **options):
        fields = [forms.CharField(required=False) for _language in settings.LANGUAGES]
        super().__init__(fields, require_all_fields=False, required=required, widget=TextsWidget(input_class), **options)

    def compress(self, texts):
        """The dict that is stored. Raises ValidationError where something is said, but not in English."""
        pairs = zip((code for code, _name in settings.LANGUAGES), texts, strict=False)
        said = {code: clean for code, text in pairs if (clean := clean_characters(text or ""))}
        if said and ENGLISH not in said:
            raise ValidationError(_("The English text is needed: readers get it where a translation is missing."))
        return said
