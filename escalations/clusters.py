"""New cases of several customers that are about the same thing raise a candidate for an incident (SPEC 7).

Asked every minute, of the newest cases alone. A cluster is known by the case that it began with: one candidate for each, under however many
workers, and none again for what is known already.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from cases.models import Case
from cases.models.cases import key_of
from cases.similar_words import likeness, words_of

from .actions.incidents import IncidentFacts, raise_candidate
from .models import CaseLink, Incident

WINDOW = timedelta(hours=1)  # within which the cases of a cluster are opened
LEAST_CASES = 5
LEAST_ORGANIZATIONS = 3
ALIKE = 0.5  # share of common words, as `similar_words.likeness` counts them
KNOWN_FOR = timedelta(hours=24)  # a candidate answers for later cases like it, also when it was dismissed
LOOKED_AT = 500  # the newest cases; more in an hour are a cluster in any case
USUAL_SEVERITY = 2


def raise_candidates(*, now):
    """Raise a candidate for each new cluster. Returns the incidents."""
    cases = _newest(now)
    known = None
    raised = []
    for anchor, members in _clusters(cases):
        known = _known_words(now) if known is None else known
        words = words_of(anchor.subject)
        if all(likeness(words, other) < ALIKE for other in known):
            raised.append(raise_candidate(_facts(anchor, members), by=None, now=now, cluster_key=anchor.number))
            known.append(words)
    return [incident for incident in raised if incident]


def cases_of_cluster(incident, cases):
    """Those of `cases` that are like the one which the candidate began with, the oldest first; none for a candidate that people raised."""
    subject = Case.objects.filter(pk=key_of(incident.cluster_key) or 0).values_list("subject", flat=True).first()
    if not subject:
        return []
    words = words_of(subject)
    opened = cases.filter(opened_at__range=(incident.started_at, incident.created_at + KNOWN_FOR)).for_list().order_by("pk")
    return [case for case in opened[:LOOKED_AT] if likeness(words, words_of(case.subject)) >= ALIKE]


def _newest(now):
    """Cases of the last hour that belong to no incident yet, the oldest first. By key, so that the whole table costs what its end does."""
    newest = Case.objects.order_by("-pk").values_list("pk", "opened_at")[:LOOKED_AT]
    keys = [key for key, opened_at in newest if opened_at > now - WINDOW]
    if len(keys) < LEAST_CASES:
        return []
    linked = CaseLink.objects.current().filter(case=OuterRef("pk"))
    cases = Case.objects.filter(pk__gte=keys[-1], opened_at__gt=now - WINDOW).exclude(Exists(linked))
    cases = cases.exclude(case_type=Case.Type.ACCESS).order_by("pk")
    return list(cases.only("pk", "subject", "organization_id", "severity_rank", "opened_at"))


def _clusters(cases):
    """(the case it began with, all its cases) of each cluster that is large enough."""
    left = [(case, words_of(case.subject)) for case in cases]
    while len(left) >= LEAST_CASES:
        anchor, words = left[0]
        members = [case for case, other in left if case is anchor or likeness(words, other) >= ALIKE]
        is_large = len(members) >= LEAST_CASES and len({case.organization_id for case in members}) >= LEAST_ORGANIZATIONS
        if is_large:
            yield anchor, members
        gone = {case.pk for case in members} if is_large else {anchor.pk}
        left = [pair for pair in left if pair[0].pk not in gone]


def _known_words(now):
    """What incidents of late, and active ones, are about: their titles, and the subjects of the cases that clusters began with."""
    incidents = Incident.objects.filter(Q(created_at__gt=now - KNOWN_FOR) | Q(state__in=Incident.ACTIVE))
    known = list(incidents.values_list("title", "cluster_key"))
    anchors = Case.objects.filter(pk__in=[key_of(key) for _title, key in known if key])
    titles = [title for texts, _key in known for title in texts.values()]
    return [words_of(text) for text in [*titles, *anchors.values_list("subject", flat=True)]]


def _facts(anchor, members):
    """No customer's words: a candidate may be declared, and then everybody reads its title."""
    ranks = [case.severity_rank for case in members if case.severity_rank]
    return IncidentFacts(_title(), min(ranks, default=USUAL_SEVERITY), anchor.opened_at)


def _title():
    title = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            title[language] = _("Several customers report a similar problem")
    return title
