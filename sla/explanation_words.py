"""The arithmetic of a clock in sentences, in the reader's language and in one or several time zones (SPEC 5, "Explain")."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from sla.clock_rules import CLOSING, MET, MISSED, NO_TARGET, STOPPED
from sla.clock_words import NAMES
from sla.explain import Closed, Counted, Explanation, Line, Stopped
from sla.moments import WEEKDAYS, utc_offset
from sla.policy_rules import END_OF_BUSINESS_DAY
from sla.texts import in_language


@dataclass(frozen=True, slots=True)
class ExplanationWords:
    """`title`: the kind of clock; `clause`: the policy's own sentence; `lines`: the arithmetic; `result`: one or two sentences."""

    title: str
    clause: str
    basis: str
    lines: tuple[str, ...]
    result: tuple[str, ...]


def words_of(explanation: Explanation, zones: Sequence[str]) -> ExplanationWords:
    """An explanation in the active language; each moment in each of `zones` (IANA names: the reader's first)."""
    wording = _Wording(tuple(dict.fromkeys(zones)))
    return ExplanationWords(
        title=_("Auto-close") if explanation.kind == CLOSING else str(NAMES[explanation.kind]),
        clause=in_language(explanation.clause),
        basis=wording.basis(explanation),
        lines=tuple(wording.line(line) for line in explanation.lines),
        result=tuple(wording.result(explanation)),
    )


def exact_duration_text(seconds: float) -> str:
    """A length of time to the second, hours and minutes as far as they go: "2 h 0 min 30 s" is written "2 h 30 s"."""
    hours, rest = divmod(round(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    parts = [
        hours and pgettext("duration", "%(h)s h") % {"h": hours},
        minutes and pgettext("duration", "%(m)s min") % {"m": minutes},
        (rest or not (hours or minutes)) and pgettext("duration", "%(s)s s") % {"s": rest},
    ]
    return reduce(_together, filter(None, parts))


def _together(start, end):
    return pgettext("duration", "%(start)s %(end)s") % {"start": start, "end": end}


def _moment_text(local):
    """Like `sla.moments.moment_text`, with seconds where there are any: an explanation is exact."""
    return _dated(local, _time_text(local))


def _span_text(start, end):
    if start.date() == end.date() and start.utcoffset() == end.utcoffset():
        hours = pgettext("range", "%(start)s–%(end)s") % {"start": _time_text(start), "end": _time_text(end)}
        return _dated(start, hours)
    return pgettext("range of days", "%(start)s – %(end)s") % {"start": _moment_text(start), "end": _moment_text(end)}


def _dated(local, time):
    return pgettext("moment", "%(weekday)s, %(date)s, %(time)s (%(tz)s)") % {
        "weekday": WEEKDAYS[local.weekday()],
        "date": date_format(local, "DATE_FORMAT"),
        "time": time,
        "tz": utc_offset(local),
    }


def _time_text(local):
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


@dataclass(frozen=True, slots=True)
class _Wording:
    zones: tuple[str, ...]

    def at(self, moment):
        """A moment in every zone, each text once."""
        return self.in_zones(lambda: _moment_text(timezone.localtime(moment)))

    def span(self, line):
        """A stretch of time in every zone."""
        return self.in_zones(lambda: _span_text(timezone.localtime(line.start), timezone.localtime(line.end)))

    def in_zones(self, text):
        texts = []
        for zone in self.zones:
            with timezone.override(ZoneInfo(zone)):
                texts.append(text())
        return " / ".join(dict.fromkeys(texts))

    def basis(self, explanation):
        if explanation.is_promise:
            return _("The care team promised this time to you.")
        if explanation.promised_seconds is None:
            return ""
        values = {"duration": exact_duration_text(explanation.promised_seconds), "zone": explanation.zone}
        if explanation.zone is None:
            return _("Time allowed: %(duration)s of calendar time. Every hour counts, day and night.") % values
        if explanation.duration.unit == END_OF_BUSINESS_DAY:
            count = explanation.duration.amount
            return ngettext(
                "Time allowed: until closing time %(count)s business day later (%(duration)s of business hours, time zone %(zone)s).",
                "Time allowed: until closing time %(count)s business days later (%(duration)s of business hours, time zone %(zone)s).",
                count,
            ) % (values | {"count": count})
        return _("Time allowed: %(duration)s of business hours, kept in the time zone %(zone)s.") % values

    def line(self, line: Line):
        if isinstance(line, Counted):
            values = {"span": self.span(line), "duration": exact_duration_text(line.seconds)}
            return _("Counted: %(span)s: %(duration)s.") % values
        return self.closed(line) if isinstance(line, Closed) else self.stopped(line)

    def closed(self, line: Closed):
        span = {"span": self.span(line)}
        if line.holidays:
            names = "; ".join(self.holiday(day) for day in line.holidays)
            return _("Not counted: %(span)s, closed. Holidays: %(names)s.") % (span | {"names": names})
        if line.days:
            return _("Not counted: %(span)s, closed days.") % span
        return _("Not counted: %(span)s, outside of business hours.") % span

    def holiday(self, closed_day):
        name, day = in_language(closed_day.name), date_format(closed_day.day, "DATE_FORMAT")
        return pgettext("holiday", "%(name)s (%(date)s)") % {"name": name, "date": day} if name else day

    def stopped(self, line: Stopped):
        if line.end is None:
            return self.stopping(line.cause) % {"moment": self.at(line.start)}
        values = {"span": self.span(line), "duration": exact_duration_text(line.seconds)}
        return {
            "customer": _("Paused: %(span)s, awaiting the customer; %(duration)s were not counted."),
            "third_party": _("Paused: %(span)s, awaiting a third party; %(duration)s were not counted."),
            "closed": _("Paused: %(span)s, the case was closed; %(duration)s were not counted."),
        }[line.cause] % values

    def stopping(self, cause):
        return {
            "customer": _("Paused since %(moment)s, awaiting the customer."),
            "third_party": _("Paused since %(moment)s, awaiting a third party."),
            "closed": _("Paused since %(moment)s, the case is closed."),
        }[cause]

    def result(self, explanation: Explanation):
        if explanation.is_fallback:
            yield _("No support plan is known for this case, so the default target of the policy counts.")
        if explanation.state == NO_TARGET:
            yield _("No target: %(reason)s") % {
                "reason": in_language(explanation.reason) or _("The policy does not promise one here.")
            }
        else:
            yield self.due(explanation)
        if explanation.breached_at and explanation.is_earlier_breach:
            yield _("Breached on %(moment)s, under an earlier severity or plan; a breach stays.") % {
                "moment": self.at(explanation.breached_at)
            }
        yield from self.end(explanation)

    def due(self, explanation):
        if explanation.due_at:
            return _("Due: %(moment)s.") % {"moment": self.at(explanation.due_at)}
        left = exact_duration_text(explanation.remaining_seconds)
        return _("There is no due time while the clock is paused; %(duration)s of the target are left.") % {"duration": left}

    def end(self, explanation):
        met_at = explanation.met_at
        if explanation.state == MET:
            yield _("Met on %(moment)s.") % {"moment": self.at(met_at)}
        elif explanation.state == MISSED and met_at:
            yield _("Breached: done on %(moment)s, after the due time.") % {"moment": self.at(met_at)}
        elif explanation.state == MISSED:
            yield _("Breached: the case was closed on %(moment)s.") % {"moment": self.at(explanation.ended_at)}
        elif explanation.state == STOPPED:
            yield _("Ended without being due: the case was closed on %(moment)s.") % {"moment": self.at(explanation.ended_at)}
        elif explanation.breached_at and not explanation.is_earlier_breach:
            yield _("Breached: the due time has passed.")
