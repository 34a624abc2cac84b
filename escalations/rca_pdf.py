"""RCA documents, preliminary RCAs and case summaries as PDF: dataclasses in, bytes out (SPEC 8, SAFETY 9, STACK 2.6).

    sheet = RcaSheet(
        title="Calls dropped in Frankfurt", number="RCA-1014", version=2, language="en", status="Final", organization="Acme",
        vendor="Customer Care", audience="For Acme only.", time_zone="Europe/Paris", published_at=now,
        sections=(Section("Summary", "Calls **dropped** for 47 minutes."),),
    )
    Path("rca.pdf").write_bytes(render_pdf(sheet))

Everything in a sheet is in one language, words and texts; labels, dates and times are added here in that language and in the
organization's time zone and UTC. The same sheet gives the same bytes, as long as template, fonts and typst are the same, so a
hash of what was published can be kept. Drawing happens in a process of its own (`rca_pdf_process`).
"""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from sla.moments import moment_text, utc_offset

HOME = Path(__file__).resolve().parent.parent  # where `escalations` is imported from, wherever the portal was started
SECONDS = 20  # for everything, the start of Python included
LONGEST = 400_000  # characters of a whole document; a text of the portal has 20,000 at most
TALL, LINE = 1_200, 60  # characters of a table's row that is kept together, and of one line in it
ENVIRONMENT = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}  # and nothing of ours


class PdfError(Exception):
    """No PDF could be made of this sheet: too long, too slow, too large, or refused. Says which, and nothing of the text."""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """`at` is aware; `state` is a word ("Identified"); `text` is Markdown, see `rca_markdown`."""

    at: datetime
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    rows: tuple[TimelineRow, ...]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A corrective or preventive action: `text` is Markdown, `owner` a role or name, `state` a word."""

    text: str
    owner: str
    due_date: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Actions:
    rows: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What an incident did to this organization: `text` is Markdown; its own minutes and cases, and nobody else's."""

    text: str
    affected_minutes: int | None
    case_numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and Markdown or one of the tables. A section without content says so."""

    heading: str
    content: str | Impact | Timeline | Actions


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    number: str
    title: str
    severity: str
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RcaSheet:
    """One document. `facts`: more lines for its head, label and value, such as the case of a case summary; moments are aware."""

    title: str
    number: str
    version: int
    language: str
    status: str
    organization: str
    vendor: str
    audience: str
    time_zone: str
    published_at: datetime | None
    sections: tuple[Section, ...]
    incident: IncidentFacts | None = None
    facts: tuple[tuple[str, str | datetime], ...] = ()


def render_pdf(document: RcaSheet) -> bytes:
    """The PDF (tagged, PDF/UA-1, A4). Raises PdfError. Takes half a second; nothing in the texts can hurt this process."""
    with translation.override(document.language):
        data = json.dumps(document_of(document), cls=DjangoJSONEncoder, ensure_ascii=False)  # of lazy labels, too
    if len(data) > LONGEST:
        raise PdfError("too long")
    return _run(data.encode(errors="surrogatepass"))


def document_of(sheet: RcaSheet) -> dict:
    """The sheet as the plain data that the drawing process reads."""
    with translation.override(sheet.language), timezone.override(ZoneInfo(sheet.time_zone)):
        return {
            "language": sheet.language,
            "title": sheet.title,
            "author": sheet.vendor,
            "date": _date_parts(sheet.published_at),
            "header": [sheet.vendor, _version(sheet)],
            "footer": sheet.audience,
            "page_label": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
            "facts": list(_facts(sheet)),
            "times": _times_sentence(sheet.time_zone),
            "sections": [{"heading": section.heading, "parts": _parts(section.content)} for section in sheet.sections],
        }


def _run(data):
    command = [sys.executable, "-m", "escalations.rca_pdf_process"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, cwd=HOME, env=ENVIRONMENT)
    except subprocess.TimeoutExpired:
        raise PdfError("too slow") from None
    except OSError as error:
        raise PdfError("no process") from error
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise PdfError(_reason(done))
    return done.stdout


def _reason(done):
    """What ended the process: a signal (SIGXCPU: too slow, SIGABRT: too large) or its latest words, which quote one character at most."""
    if done.returncode < 0:
        return f"drawing ended with {signal.Signals(-done.returncode).name}"
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return f"drawing failed: {said[-1][:200] if said else 'no word'}"


# --- the head ------------------------------------------------------------------------------------------------------------
def _facts(sheet):
    yield [_("Document"), _version(sheet)]
    yield [_("Status"), sheet.status]
    if sheet.published_at:
        yield [_("Publication date"), _moment(sheet.published_at)]
    yield [_("Organization"), sheet.organization]
    yield [_("Audience"), sheet.audience]
    if sheet.incident:
        yield from _incident_facts(sheet.incident)
    for label, value in sheet.facts:
        yield [label, _moment(value) if isinstance(value, datetime) else value]


def _incident_facts(incident):
    yield [_("Incident"), f"{incident.number}\n{incident.title}"]
    yield [_("Severity"), incident.severity]
    if incident.components:
        yield [_("Affected components"), _listed(incident.components)]


def _version(sheet):
    return _("%(number)s, version %(version)s") % {"number": sheet.number, "version": sheet.version}


def _listed(names):
    return ("、" if translation.get_language() == "ja" else ", ").join(str(name) for name in names)


def _date_parts(moment):
    """As the arguments of typst's `datetime`. UTC: PDF readers expect no other zone here."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    return {part: getattr(utc, part) for part in ("year", "month", "day", "hour", "minute", "second")}


def _moment(moment):
    return _twice(moment, moment_text)


def _twice(moment, text_of):
    """In the organization's zone, and below it in UTC; once where that is the same."""
    local = text_of(moment)
    if utc_offset(moment) == "UTC":
        return local
    with timezone.override(UTC):
        return f"{local}\n{text_of(moment)}"


def _short_moment(moment):
    """Date, time and offset without the weekday, so that a column of them stays narrow."""
    day = date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
    return pgettext("clock time", "%(time)s (%(tz)s)") % {"time": day, "tz": utc_offset(moment)}


def _times_sentence(zone):
    if zone == "UTC":
        return _("Times are in UTC.")
    return _("Times are in the time zone %(zone)s and in UTC.") % {"zone": zone.replace("_", " ")}


# --- sections ------------------------------------------------------------------------------------------------------------
def _parts(content):
    match content:
        case Impact():
            parts = [*_text(content.text), *_impact_facts(content)]
        case Timeline():
            parts = _table("timeline", [_("Time"), _("State"), _("What happened")], [_timeline_row(row) for row in content.rows])
        case Actions():
            head = [pgettext("corrective action", "Action"), pgettext("column", "Owner"), _("Due"), _("State")]
            parts = _table("actions", head, [_action_row(row) for row in content.rows])
        case _:
            parts = _text(content)
    return parts or [{"kind": "none", "words": _("This section has no content.")}]


def _text(text):
    return [{"kind": "text", "blocks": {"markdown": text}}] if text.strip() else []


def _impact_facts(impact):
    rows = []
    if impact.affected_minutes is not None:
        rows.append([_("Your service was affected for"), _minutes(impact.affected_minutes)])
    if impact.case_numbers:
        rows.append([_("Your cases"), _listed(impact.case_numbers)])
    return [{"kind": "facts", "rows": rows}] if rows else []


def _minutes(count):
    return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": number_format(count, force_grouping=True)}


def _table(kind, head, rows):
    return [{"kind": kind, "head": head, "rows": rows}] if rows else []


def _row(text, *cells):
    """`tall`: the row may be cut at the end of a page; others move to the next one whole."""
    return {"tall": len(text) + LINE * text.count("\n") > TALL, "cells": list(cells)}


def _timeline_row(row):
    return _row(row.text, _twice(row.at, _short_moment), row.state, {"markdown": row.text})


def _action_row(row):
    due = date_format(row.due_date, "DATE_FORMAT") if row.due_date else "–"
    return _row(row.text + row.owner, {"markdown": row.text}, row.owner, due, row.state)
