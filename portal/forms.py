import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import User


class PreferencesForm(forms.ModelForm):
    """What people choose for themselves (UX C15)."""

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme", "live_updates"]
        widgets = {
            "theme": forms.RadioSelect,
            "time_zone": forms.Select(choices=[(zone, zone) for zone in sorted(zoneinfo.available_timezones()) if "/" in zone]),
        }
        labels = {"live_updates": _("Show new activities while a page is open")}
