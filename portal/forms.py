import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import User


def zone_choices(own):
    """The IANA zones by region and city, UTC, and the zone that somebody has already, whatever its name."""
    zones = {zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/")}
    return [(zone, zone.replace("_", " ")) for zone in sorted(zones | {"UTC", own})]


class PreferencesForm(forms.ModelForm):
    """What people choose for themselves (UX C15)."""

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme", "live_updates"]
        widgets = {"theme": forms.RadioSelect}
        labels = {"live_updates": _("Show new activities while a page is open")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].widget = forms.Select(choices=zone_choices(self.instance.time_zone))

    def save(self, commit=True):
        """Write these columns alone: what an administrator changes at the same moment, such as `is_active`, stays."""
        if commit:
            self.instance.save(update_fields=list(self.Meta.fields))
        return self.instance
