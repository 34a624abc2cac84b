"""C11, the platform status: a page for everybody that stands without the database, and the same as JSON and as a feed (SPEC 7).

What the signed-out get depends on the snapshot and the language alone: it is made once, kept in memory, and answered with 304 where nothing
changed. Signed-in people get the same snapshot with their own frame, zone and cases, and nothing of that is kept.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from cases.site_address import absolute_url

from ..last_known import FRESH, Known, last_known
from ..models import CaseLink, Incident
from ..status_document import document
from ..status_feed import feed_of
from ..status_reading import read_incident
from .asked_language import asked_language

MOST_CASES = 20
MOST_KEPT = 200
RETRY_AFTER = 30  # seconds, where nothing is known
UNKNOWN = Known(None, True)
_kept = {}  # bodies for everybody, by what they depend on


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as far as it matters for the shared pages."""

    language: str
    live: str  # "on", "off": does the open page refresh?


@login_not_required
@require_safe
def status_page(request):
    """Now, what is planned, the last 90 days."""
    known = last_known(now=timezone.now())
    return _page(request, "escalations/status_page.html", known)


@login_not_required
@require_safe
def status_incident(request, number):
    """One incident with all its updates. Older ones than the snapshot remembers are asked of the database."""
    known = last_known(now=timezone.now())
    incident = known.snapshot and known.snapshot.incident(number)
    if incident is None and not known.is_stale:
        incident = _older_incident(number)
    return _page(request, "escalations/status_incident.html", known if incident else UNKNOWN, incident)


@login_not_required
@require_safe
def status_json(request):
    """The same for programs; the app's README lists the names."""
    known = last_known(now=timezone.now())
    response = JsonResponse(document(known, url_of=lambda number: absolute_url(_incident_url(number))))
    state = known.snapshot.digest if known.snapshot else ""
    return _shared(request, response, known, etag=f'W/"{state}-{known.is_stale}"')


@login_not_required
@require_safe
def status_feed(request):
    """The same as an Atom feed in one language."""
    known, language = last_known(now=timezone.now()), _reader(request).language
    digest = known.snapshot.digest if known.snapshot else ""
    body = _keep(("feed", digest, language), lambda: _feed(known.snapshot, language))
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    return _shared(request, response, known, etag=_etag(body), language=language)


# --- pages -------------------------------------------------------------------------------------------------------------
def _page(request, template, known, incident=None):
    reader, now = _reader(request), timezone.now()
    template = template if known.snapshot else "escalations/status_unknown.html"
    if request.user.is_authenticated:
        return _own_page(request, template, known, incident, reader, now)
    key = (template, _version(known, now), incident and incident.number, reader)
    body = _keep(key, lambda: _render(_nobody(request.path), template, known, incident, reader, now))
    return _shared(request, HttpResponse(body), known, etag=_etag(body), language=reader.language)


def _own_page(request, template, known, incident, reader, now):
    """For signed-in people: their frame, their zone, their cases. ReaderMiddleware sees that no cache keeps it."""
    context = _context(known, incident, reader, now) | {"own_links": _own_links(request.user, incident)}
    with translation.override(reader.language):
        response = render(request, template, context)
    return response if known.snapshot else _unknown(response)


def _render(request, template, known, incident, reader, now):
    context = _context(known, incident, reader, now) | {"own_links": (), "live": reader.live}
    with translation.override(reader.language), timezone.override(UTC):
        return render_to_string(template, context, request=request)


def _context(known, incident, reader, now):
    return {
        "snapshot": known.snapshot,
        "is_stale": known.is_stale,
        "incident": incident,
        "language": reader.language,
        "now": now,
    }


def _version(known, now):
    """What a shared page says about the platform: the state and, where it is out of date, how old it is."""
    if known.snapshot is None:
        return "unknown"
    age = (now - known.snapshot.checked_at).total_seconds() // 60 if known.is_stale else None
    return known.snapshot.digest, age


def _nobody(path):
    """The request with which shared pages are made: nothing of the person who happens to be first can get into them."""
    request = HttpRequest()
    request.path, request.user = path, AnonymousUser()
    return request


def _reader(request):
    return Reader(asked_language(request), "off" if request.GET.get("live") == "off" else "on")


def _own_links(user, incident):
    """The customer's cases that are linked to what is going on, or to this incident. None while the database does not answer."""
    if user.is_staff:
        return ()
    incidents = Incident.objects.public()
    incidents = incidents.numbered(incident.number) if incident else incidents.active()
    links = CaseLink.objects.visible_to(user).current().filter(incident__in=incidents)
    try:
        return list(links.select_related("case", "incident").order_by("-case_id")[:MOST_CASES])
    except Error:
        return ()


def _older_incident(number):
    """The incident; None where the database does not answer. Raises Http404 where there is none that the public may know."""
    try:
        incident = read_incident(number)
    except Error:
        return None
    if incident is None:
        raise Http404
    return incident


def _incident_url(number):
    return reverse("status_incident", args=[number])


def _feed(snapshot, language):
    with translation.override(language):
        return feed_of(
            snapshot,
            language=language,
            page_url=reverse("status_page"),
            feed_url=f"{reverse('status_feed')}?lang={language}",
            url_of=_incident_url,
        )


# --- answers for everybody ---------------------------------------------------------------------------------------------
def _keep(key, make):
    """The body for everybody under this key, made once."""
    body = _kept.get(key)
    if body is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        body = _kept[key] = make()
    return body


def _etag(body):
    return f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'


def _shared(request, response, known: Known, *, etag, language=""):
    """The answer with what caches need; 304 where the reader has it already, 503 where nothing is known."""
    response.headers["ETag"] = etag
    if language:
        response.headers["Content-Language"] = language
    if known.snapshot is None:
        return _unknown(response)
    if not request.user.is_authenticated:
        response.headers["Cache-Control"] = f"public, max-age={FRESH.seconds}"
    changed_at = None if known.is_stale else int(known.snapshot.changed_at.timestamp())  # the page gets older, the state does not
    if changed_at:
        response.headers["Last-Modified"] = http_date(changed_at)
    return get_conditional_response(request, etag=etag, last_modified=changed_at, response=response)


def _unknown(response):
    response.status_code = 503
    response.headers["Retry-After"], response.headers["Cache-Control"] = str(RETRY_AFTER), "no-store"
    return response
