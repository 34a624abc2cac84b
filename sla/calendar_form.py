"""A calendar as a care manager edits it: hours per weekday, holidays of countries, own dates; what is wrong is told beside its field (ISSUE 3.1)."""

import hashlib
import json
import re
import zoneinfo
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .calendar_definition import WEEKDAYS, CalendarError, read_date, read_definition
from .calendars import EVERYBODY
from .models import Calendar, CalendarVersion
from .public_holidays import UnknownCountry, extra_working_days, public_holidays

LANGUAGES = ("en", "fr", "ja", "ru")
YEARS = (2000, 2100)
DAY_NAMES = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
SENTENCES = {
    "bad_time": _("Write hours like 08:00-12:00, 13:00-17:00. 24:00 is allowed as an end."),
    "overlapping_windows": _("Two windows overlap."),
    "no_open_time": _("The calendar has no open hours. Give at least one weekday its hours, or choose “always open”."),
    "bad_date": _("Write dates like 2027-03-10, one a line."),
    "bad_own_holiday": _("Write each holiday on its own line: the date, and its name at least in English, parted by semicolons."),
}
WINDOW = re.compile(r"(\S+?)\s*[-–]\s*(\S+)")


def _zones():
    return [("", gettext("Customer local time")), *((name, name) for name in sorted(zoneinfo.available_timezones()))]


def _hours_field(day):
    hint = (
        _("For example 08:00-12:00, 13:00-17:00. An end before its start lies on the next date. Empty: closed.")
        if day == "mon"
        else ""
    )
    return forms.CharField(label=DAY_NAMES[day], required=False, max_length=200, help_text=hint)


class CalendarForm(forms.ModelForm):
    """A calendar's code and its name in each language; its hours are a version's."""

    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    name_fr = forms.CharField(label=_("Name in French"), max_length=200)
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=200)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=200)

    class Meta:
        model = Calendar
        fields = ["code"]

    def save(self, commit=True):
        self.instance.name = {language: self.cleaned_data[f"name_{language}"] for language in LANGUAGES}
        return super().save(commit)


class CalendarVersionForm(forms.ModelForm):
    """A draft of a calendar. Holidays are copied from the library when it is saved, so that what is looked at is what is published."""

    zone = forms.ChoiceField(label=_("time zone"), required=False, choices=lazy(_zones, list))
    always_open = forms.BooleanField(
        label=_("Always open (24/7)"), required=False, help_text=_("Hours and holidays do not matter then.")
    )
    day_minutes = forms.IntegerField(
        label=_("Open minutes of a business day"),
        min_value=1,
        max_value=1440,
        initial=540,
        help_text=_("“2 business days” are twice as many open minutes."),
    )
    mon, tue, wed, thu, fri, sat, sun = (_hours_field(day) for day in WEEKDAYS)
    countries = forms.CharField(
        label=_("Public holidays of countries"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two-letter codes, for example FR, DE, JP. A case uses those of its customer's country."),
    )
    first_year = forms.IntegerField(label=_("From the year"), required=False, min_value=YEARS[0], max_value=YEARS[1])
    latest_year = forms.IntegerField(label=_("To the year"), required=False, min_value=YEARS[0], max_value=YEARS[1])
    own_holidays = forms.CharField(
        label=_("Own holidays, for everybody"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line: date; name in English; in French; in Japanese; in Russian. For example 2027-12-31; Company day"),
    )
    extra_days = forms.CharField(
        label=_("Extra working days, for everybody"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One date a line; open as on Monday, also where it is a holiday."),
    )

    class Meta:
        model = CalendarVersion
        fields = ["calendar"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= initial_of(self.instance.definition)

    def clean(self):
        cleaned = super().clean()
        windows = {day: read for day in WEEKDAYS if (read := self._read(day, self._windows_of))}
        self._refuse_overlaps_at_midnight(windows)
        if not windows and not cleaned.get("always_open") and not any(day in self.errors for day in WEEKDAYS):
            self.add_error("mon", SENTENCES["no_open_time"])
        countries, years = self._read("countries", _countries_of) or [], self._years()
        own = self._read("own_holidays", _own_holidays_of) or []
        extra = self._read("extra_days", lambda text: [read_date(line).isoformat() for line in _lines(text)]) or []
        if not self.errors:
            self.definition = self._definition(windows, countries, years, own, extra)
            self._refuse_what_is_left(countries)
        return cleaned

    def _read(self, name, read):
        """What a field says, or None after telling beside it what is wrong."""
        text = self.cleaned_data.get(name)
        try:
            return read(text) if text else None
        except CalendarError as error:
            self.add_error(name, ValidationError(SENTENCES[error.code], code=error.code))
        except UnknownCountry as error:
            self.add_error(
                name, ValidationError(gettext("There is no country “%(code)s”."), params={"code": str(error)}, code="country")
            )
        return None

    @staticmethod
    def _windows_of(text):
        windows = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            match = WINDOW.fullmatch(part)
            if not match:
                raise CalendarError("bad_time", part)
            windows.append(list(match.groups()))
        read_definition({"tz": "UTC", "windows": {"mon": windows}})  # by itself
        return windows

    def _refuse_overlaps_at_midnight(self, windows):
        """Beside the later of two days whose windows meet over midnight."""
        for today, tomorrow in zip(WEEKDAYS, WEEKDAYS[1:] + WEEKDAYS[:1], strict=True):
            pair = {day: windows[day] for day in (today, tomorrow) if day in windows}
            try:
                if len(pair) == 2:
                    read_definition({"tz": "UTC", "windows": pair})
            except CalendarError:
                message = gettext("The hours of %(day)s before it reach over midnight into these.")
                error = ValidationError(message, params={"day": DAY_NAMES[today]}, code="overlapping_windows")
                self.add_error(tomorrow, error)

    def _years(self):
        first, latest = self.cleaned_data.get("first_year"), self.cleaned_data.get("latest_year")
        if self.cleaned_data.get("countries") and not (first and latest):
            self.add_error("first_year", gettext("Say for which years public holidays are copied."))
        elif first and latest and latest < first:
            self.add_error("latest_year", gettext("The last year lies before the first."))
        return range(first, latest + 1) if first and latest else range(0)

    def _definition(self, windows, countries, years, own, extra):
        workdays = {country: extra_working_days(country, years) for country in countries}
        definition = {
            "windows": windows,
            "holidays": {country: public_holidays(country, years) for country in countries},
            "extra_days": {country: days for country, days in workdays.items() if days},
            "always_open": self.cleaned_data["always_open"],
            "day_minutes": self.cleaned_data["day_minutes"],
        }
        if self.cleaned_data["zone"]:
            definition["tz"] = self.cleaned_data["zone"]
        if own:
            definition["holidays"][EVERYBODY] = own
        if extra:
            definition["extra_days"][EVERYBODY] = extra
        return definition

    def _refuse_what_is_left(self, countries):
        """The calendar as each country will have it: an extra working day can still run into the night before."""
        for country in (EVERYBODY, *countries):
            extra = [day for code in (EVERYBODY, country) for day in self.definition["extra_days"].get(code, ())]
            try:
                read_definition(self.definition | {"tz": self.definition.get("tz", "UTC"), "holidays": [], "extra_days": extra})
            except CalendarError as error:
                self.add_error("extra_days", SENTENCES.get(error.code, error.message))
                return

    def save(self, commit=True):
        version = self.instance
        if version.number is None:
            latest = version.calendar.versions.aggregate(latest=Max("number"))["latest"]
            version.number = (latest or 0) + 1
        version.definition = self.definition
        version.digest = hashlib.sha256(json.dumps(self.definition, sort_keys=True).encode()).hexdigest()
        return super().save(commit)


def initial_of(definition):
    """A kept definition as the form shows it."""
    holidays, extra = definition.get("holidays") or {}, definition.get("extra_days") or {}
    countries = sorted(code for code in holidays if code != EVERYBODY)
    years = [int(day[:4]) for code in countries for day, _name in holidays[code]]
    windows = definition.get("windows") or {}
    return {
        "zone": definition.get("tz", ""),
        "always_open": bool(definition.get("always_open")),
        "day_minutes": definition.get("day_minutes") or 540,
        **{day: ", ".join("-".join(window) for window in windows.get(day, ())) for day in WEEKDAYS},
        "countries": ", ".join(countries),
        "first_year": min(years, default=None),
        "latest_year": max(years, default=None),
        "own_holidays": "\n".join(_own_line(*own) for own in holidays.get(EVERYBODY, ())),
        "extra_days": "\n".join(extra.get(EVERYBODY, ())),
    }


def coming_years():
    """Which years a new calendar's holidays are copied for: from this one on, four more."""
    this_year = date.today().year
    return {"first_year": this_year, "latest_year": this_year + 4}


def _own_line(day, name):
    names = [name.get(language, "") for language in LANGUAGES] if isinstance(name, dict) else [name or ""]
    return "; ".join([day, *names]).rstrip("; ")


def _lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def _countries_of(text):
    codes = list(dict.fromkeys(code.upper() for code in re.split(r"[\s,;]+", text) if code))
    for code in codes:
        public_holidays(code, [date.today().year])
    return codes


def _own_holidays_of(text):
    own = []
    for line in _lines(text):
        day, *names = (part.strip() for part in line.split(";"))
        if not names or not names[0] or len(names) > len(LANGUAGES):
            raise CalendarError("bad_own_holiday", line)
        words = {language: name for language, name in zip(LANGUAGES, names, strict=False) if name}
        own.append([read_date(day).isoformat(), words])
    return own
