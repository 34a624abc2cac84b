"""What somebody without an account sends about a subscription. Sending it twice does no more than once, so it needs no key (SAFETY 5)."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LanguageForm(forms.Form):
    """In which language the mails are."""

    language = forms.ChoiceField(label=_("Language of the mails"), choices=settings.LANGUAGES)


class SubscriptionForm(LanguageForm):
    """Where to, and in which language."""

    field_order = ["address", "language"]
    address = forms.EmailField(label=_("Email address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))
