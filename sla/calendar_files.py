"""Calendar files: when the care team works, as a care manager writes it, read into the definition that `CalendarVersion` keeps.

Pure but for PyYAML and the holidays library. Mistakes are told like those of a pack file.
"""

import hashlib
import json
import re
from dataclasses import dataclass

from sla.calendar_definition import CalendarError, read_date, read_definition
from sla.pack_reader import LANGUAGES, RulesReader
from sla.pack_yaml import Mistake, PackError, data_of, read_yaml
from sla.policy_rules import Text
from sla.public_holidays import UnknownCountry, extra_working_days, public_holidays

CUSTOMER = "customer"  # the zone of a calendar that follows each customer
EVERYBODY = "*"  # the key of days that count in every country

_WINDOW = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class OwnHoliday:
    date: str
    name: Text


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    code: str
    version: int
    name: Text
    zone: str  # "customer", or an IANA time zone
    always_open: bool = False
    day_minutes: int = 540  # open minutes of one business day
    windows: dict[str, tuple[str, ...]] | None = None  # mon: [08:00-17:00]
    public_holidays: bool = False  # those of the customer's country, of the file's countries and years
    own_holidays: tuple[OwnHoliday, ...] = ()
    extra_days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HolidaySource:
    first_year: int
    latest_year: int
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CalendarFile:
    calendars: tuple[CalendarEntry, ...]
    holidays: HolidaySource


@dataclass(frozen=True, slots=True)
class CheckedCalendar:
    """A calendar ready to be published. `digest` tells the file's words apart, not the holidays that were copied."""

    code: str
    version: int
    name: Text
    definition: dict
    digest: str


def is_calendar_file(source: bytes) -> bool:
    """True for a file of calendars, False for a pack; whatever else may be wrong with it."""
    return re.search(rb"^calendars *:", source, re.MULTILINE) is not None


def read_calendars(source: str | bytes) -> list[CheckedCalendar]:
    """Every calendar of a file, checked, with the holidays of its countries copied in. Raises PackError with all mistakes."""
    item = read_yaml(source)
    reader = RulesReader(LANGUAGES)
    file = reader.read_object(CalendarFile, item, "")
    if reader.mistakes:
        raise PackError(reader.mistakes)
    words = {entry["code"]: entry for entry in data_of(item)["calendars"]}
    found = [_checked(entry, file.holidays, words[entry.code], reader) for entry in file.calendars]
    if reader.mistakes:
        raise PackError(reader.mistakes)
    return found


def _checked(entry, source, words, reader):
    path = f"calendars[{entry.code}]"
    try:
        definition = _definition(entry, source)
        read_definition(_for_everywhere(definition))
        _refuse_bad_dates(entry)
    except (CalendarError, UnknownCountry) as error:
        sentence = f"There is no country “{error}”." if isinstance(error, UnknownCountry) else error.message
        reader.mistakes.append(Mistake(reader.line_of(path), path, sentence))
        return None
    own = json.dumps([words, [source.first_year, source.latest_year, source.countries]], sort_keys=True)
    return CheckedCalendar(entry.code, entry.version, entry.name, definition, hashlib.sha256(own.encode()).hexdigest())


def _refuse_bad_dates(entry):
    for text in (*(own.date for own in entry.own_holidays), *entry.extra_days):
        read_date(text)


def _definition(entry, source):
    definition = {
        "windows": {day: [_window(text) for text in texts] for day, texts in (entry.windows or {}).items()},
        "holidays": {},
        "extra_days": {},
        "always_open": entry.always_open,
        "day_minutes": entry.day_minutes,
    }
    if entry.zone != CUSTOMER:
        definition["tz"] = entry.zone
    if entry.public_holidays:
        years = range(source.first_year, source.latest_year + 1)
        definition["holidays"] = {country: public_holidays(country, years) for country in source.countries}
        extra = {country: extra_working_days(country, years) for country in source.countries}
        definition["extra_days"] = {country: days for country, days in extra.items() if days}
    if entry.own_holidays:
        definition["holidays"][EVERYBODY] = [[own.date, own.name] for own in entry.own_holidays]
    if entry.extra_days:
        definition["extra_days"][EVERYBODY] = list(entry.extra_days)
    return definition


def _window(text):
    match = _WINDOW.fullmatch(text)
    if not match:
        raise CalendarError("bad_time", f"“{text}” is no window; write it like 08:00-17:00.")
    return list(match.groups())


def _for_everywhere(definition):
    """A kept definition as a calendar document without any country's days, to be checked."""
    return definition | {"tz": definition.get("tz", "UTC"), "holidays": [], "extra_days": []}
