"""The one base form of everything that changes something, in the portal and in the care desk (SAFETY 5)."""

import uuid

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from .models import SubmittedForm
from .text_cleaning import LIMIT, clean_characters, clean_line, is_blank


class AlreadySent(Exception):
    """Raised where the same form was sent at the same moment, and the other one came first."""


class HiddenKey(forms.UUIDField):
    """An idempotency key. One that cannot be read is none: nobody could correct it."""

    widget = forms.HiddenInput

    def to_python(self, value):
        """The key, or None."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            return None


class HiddenNumber(forms.IntegerField):
    """A number that the page carries, such as a version. One that cannot be read is none: nobody could correct it."""

    widget = forms.HiddenInput

    def to_python(self, value):
        """The number, or None."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            return None


class ActionForm(forms.Form):
    """A form with an idempotency key (double click, Back, retry: one effect) and the version of the case it was shown for.

    Shown unbound it makes a key of its own; a bound form shows the key it came with, so that a corrected form is still the same one.
    """

    key = HiddenKey(required=False)
    version = HiddenNumber(required=False)

    def __init__(self, *args, case=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())
        if case is not None:
            self.initial.setdefault("version", case.version)

    def clean_key(self):
        """A form without a key is a form of its own."""
        return self.cleaned_data["key"] or uuid.uuid4()

    @property
    def expected_version(self):
        """The version of the case that the person saw, for an action's `expected_version`; None where the form tells none."""
        return self.cleaned_data.get("version")

    @property
    def effect_key(self):
        """What makes two submissions the same one. A form whose text may be changed and sent again after Back adds the text."""
        return self.cleaned_data["key"]

    def already_sent(self, user):
        """The URL to which the first submission of this form led, or None."""
        sent = SubmittedForm.objects.filter(user=user, key=self.effect_key)
        return sent.values_list("result_url", flat=True).first()

    def remember(self, user, url, now):
        """Write down that this form was sent, in the transaction of its effect. Raises AlreadySent, which undoes the second effect."""
        try:
            with transaction.atomic():
                SubmittedForm.objects.create(user=user, key=self.effect_key, result_url=url, submitted_at=now)
        except IntegrityError as error:
            raise AlreadySent from error

    def send_once(self, act, *, by, now):
        """Run `act()`, which returns the URL to go to, at most once for this form; returns the first time's URL.

        What `act` raises (Refused, StaleCase) passes through, and the form may be sent again; unless it was only refused because the same
        form had been sent a moment before.
        """
        if url := self.already_sent(by):
            return url
        try:
            with transaction.atomic():
                url = act()
                self.remember(by, url, now)
        except Exception:
            url = self.already_sent(by)
            if not url:
                raise
        return url


class WordsField(forms.CharField):
    """What somebody writes: controls are taken out, a text that is too long is refused and never cut. Secrets are masked by the action."""

    widget = forms.Textarea
    default_error_messages = {
        "too_long": _("The text has %(length)s characters; %(limit)s are allowed. Attach a longer text as a file."),
    }

    def __init__(self, *, limit=LIMIT, **kwargs):
        super().__init__(strip=False, **kwargs)
        self.limit = limit

    def to_python(self, value):
        """The text without what cannot be stored or seen."""
        text = clean_characters(super().to_python(value))
        return "" if is_blank(text) else text

    def validate(self, value):
        """Raise ValidationError where nothing was written, or too much."""
        super().validate(value)
        if len(value) > self.limit:
            raise forms.ValidationError(
                self.error_messages["too_long"], code="too_long", params={"length": len(value), "limit": self.limit}
            )


class LineField(WordsField):
    """The same as one line: a subject, a name. No `maxlength` in the page, which would cut what is pasted without a word."""

    widget = forms.TextInput

    def to_python(self, value):
        """The text as one line."""
        return clean_line(super().to_python(value))
