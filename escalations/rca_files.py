"""The PDF of a published version for one organization in one language: made when it is first asked for, then kept with its hash (SAFETY 9)."""

import hashlib

from django.db import transaction
from django.utils.translation import override

from sla.texts import in_language

from .models import RcaFile
from .rca_page import RcaPage, title_of
from .rca_pdf import ActionRow, Actions, Impact, IncidentFacts, RcaSheet, Section, Timeline, TimelineRow, render_pdf
from .rca_sections import ACTIONS, IMPACT, TIMELINE


def file_of(page: RcaPage, language, *, now) -> RcaFile:
    """The file; two people who ask for it first get the same one. Raises PdfError."""
    of = {"version": page.version, "organization": page.organization, "language": language}
    found = RcaFile.objects.filter(**of).first()
    if found:
        return found
    content = render_pdf(sheet_of(page, language))
    made = {"content": content, "sha256": hashlib.sha256(content).hexdigest(), "made_at": now}
    with transaction.atomic():
        return RcaFile.objects.get_or_create(**of, defaults=made)[0]


def sheet_of(page: RcaPage, language) -> RcaSheet:
    """The page as a sheet: the actions as they were published, so that the file stays true to its version."""
    page = RcaPage(page.version, page.organization, is_live=False)
    with override(language):
        return RcaSheet(
            title=title_of(page, language),
            number=page.document.number,
            version=page.version.number,
            language=language,
            status=str(page.status),
            organization=page.organization.name,
            vendor=page.vendor,
            audience=str(page.audience),
            time_zone=page.organization.time_zone,
            published_at=page.version.published_at,
            sections=tuple(_sections(page, language)),
            incident=_incident(page.incident, language),
        )


def _sections(page, language):
    for code, heading, words in page.sections:
        text = in_language(words, language)
        if code == IMPACT:
            text = Impact(text, page.minutes, tuple(case.number for case in page.cases))
        yield Section(str(heading), text)
        if code == IMPACT and page.timeline:
            yield Section(str(TIMELINE), _timeline(page, language))
    yield Section(str(ACTIONS), _actions(page, language))


def _timeline(page, language):
    return Timeline(tuple(TimelineRow(row.at, str(row.state), in_language(row.words, language)) for row in page.timeline))


def _actions(page, language):
    rows = (ActionRow(in_language(row.words, language), str(row.owner), row.due_on, str(row.state_name)) for row in page.actions)
    return Actions(tuple(rows))


def _incident(incident, language):
    if incident is None:
        return None
    components = dict.fromkeys(
        in_language(place.component.name, language) for place in incident.affected.select_related("component")
    )
    return IncidentFacts(incident.number, in_language(incident.title, language), str(incident.severity_rank), tuple(components))
