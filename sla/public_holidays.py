"""Public holidays of named countries and years, from the `holidays` library, as plain data that a calendar version keeps (STACK 2.8).

Pure but for the library. The days are copied when a calendar is published and never looked up again: a newer release of the library does not
move a promised time. Names are kept in each of our languages that the library has for the country; English always.
"""

from collections.abc import Collection, Iterable

import holidays

#: Days on which offices are closed although they are no public holidays: the turn of the year in Japan.
CATEGORIES = {"JP": ("public", "bank")}

_ENGLISH = ("en_US", "en_GB", "en")
_OURS = ("fr", "ja", "ru")


class UnknownCountry(ValueError):
    """A code that is no country of the library."""


def public_holidays(country: str, years: Iterable[int]) -> list[list]:
    """The holidays of a country: [["2027-07-14", {"en": "National Day", "fr": "Fête nationale"}], …] by date. Raises UnknownCountry."""
    years = sorted(years)
    named = {"en": _days(country, years, _english(country))}
    for language in _OURS:
        if language in _languages(country):
            named[language] = _days(country, years, language)
    return [
        [day.isoformat(), {language: days[day] for language, days in named.items() if day in days}]
        for day in sorted(named["en"])
        if day.year in years
    ]


def extra_working_days(country: str, years: Collection[int]) -> list[str]:
    """Saturdays and Sundays that a government made working days, as ISO dates (Russia, China, Hungary …)."""
    days = getattr(_days(country, sorted(years), None), "weekend_workdays", ())
    return sorted(day.isoformat() for day in days if day.year in years)


def _languages(country):
    return holidays.list_localized_countries().get(country, [])


def _english(country):
    """The library's English of a country: None where its own names are English already."""
    languages = _languages(country)
    return next(
        (name for name in _ENGLISH if name in languages), next((name for name in languages if name.startswith("en")), None)
    )


def _days(country, years, language):
    try:
        return holidays.country_holidays(country, years=years, language=language, categories=CATEGORIES.get(country, ("public",)))
    except NotImplementedError as error:
        raise UnknownCountry(country) from error
