"""An RCA document as one customer reads it: its own minutes and cases, nobody else's (SPEC 8, UX C10). Also the care team's preview."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases import care_groups
from cases.models import Activity, Case, Organization, User
from sla.texts import in_language

from .incident_words import state_words
from .models import CaseLink, Incident, RcaAction, RcaVersion
from .rca_impact import Span, affected_minutes
from .rca_sections import SECTIONS

ROLES = {  # who does something, as customers read it: no names of people
    care_groups.INCIDENT_MANAGER: _("Incident management"),
    care_groups.CARE_MANAGER: _("Support management"),
    care_groups.TAM: _("Technical account management"),
}
CARE_TEAM = _("Support team")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    at: datetime
    state: str
    words: dict


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """An action as customers read it. `state`: a code."""

    kind: str
    words: dict
    owner: str
    due_on: date | None
    state: str

    @property
    def state_name(self):
        return RcaAction.State(self.state).label

    @property
    def kind_name(self):
        return RcaAction.Kind(self.kind).label


@dataclass
class RcaPage:
    """One version for one organization. `is_live`: actions with their state of today; else as they were published."""

    version: RcaVersion
    organization: Organization
    is_live: bool = True

    @property
    def document(self):
        return self.version.document

    @property
    def incident(self) -> Incident | None:
        return self.document.incident

    @property
    def title(self):
        """By language; of a document about one case, the case's number."""
        return self.incident.title if self.incident else {"en": self.document.case.number}

    @property
    def status(self):
        """ "Final", or what it is instead."""
        State = RcaVersion.State
        return {State.PUBLISHED: _("Final"), State.SUPERSEDED: _("Superseded by a later version")}.get(
            self.version.state, self.version.get_state_display()
        )

    @cached_property
    def sections(self):
        """(code, heading, text by language) in the order of reading."""
        return [(code, heading, self.version.sections.get(code, {})) for code, heading in SECTIONS.items()]

    @cached_property
    def timeline(self):
        """The rows with the word of their state."""
        return [
            TimelineEntry(datetime.fromisoformat(row["at"]), state_words(row["state"]) if row["state"] else "", row["words"])
            for row in self.version.timeline
        ]

    # --- this customer -------------------------------------------------------------------------------------------------
    @cached_property
    def cases(self):
        """The organization's own cases that the document is about."""
        if not self.incident:
            return [self.document.case]
        linked = CaseLink.objects.current().filter(incident=self.incident, case__organization=self.organization)
        restored = Activity.objects.filter(kind=Activity.Kind.RESTORED)
        cases = Case.objects.filter(pk__in=linked.values("case")).order_by("pk")
        return list(cases.prefetch_related(Prefetch("activities", restored, to_attr="restorations")))

    @cached_property
    def minutes(self) -> int | None:
        """How long the organization was affected; None where there was no incident."""
        if not self.incident:
            return None
        whole = Span(self.incident.started_at, self.incident.restored_at)
        return affected_minutes(whole, [Span(None, _restored_at(case)) for case in self.cases])

    # --- what is done about it -----------------------------------------------------------------------------------------
    @cached_property
    def actions(self):
        """What was published; `is_live`: how far it is today. Of a draft, all of the document's."""
        rows = {action.pk: action for action in self.document.actions.all()}
        frozen = self.version.actions_frozen if self.version.published_at else [_as_frozen(row) for row in rows.values()]
        roles = _roles_of({row["owner"] for row in frozen} | {row.owner_id for row in rows.values()})
        return [self._entry(row, rows.get(row["action"]), roles) for row in frozen]

    def _entry(self, frozen, row, roles):
        due_on = date.fromisoformat(frozen["due_on"]) if frozen["due_on"] else None
        owner, state = frozen["owner"], frozen["state"]
        if self.is_live and row:
            owner, due_on, state = row.owner_id, row.due_on, row.state
        return ActionEntry(frozen["kind"], frozen["words"], roles.get(owner, CARE_TEAM), due_on, state)

    @property
    def audience(self):
        return _("For %(organization)s only. Please do not pass it on.") % {"organization": self.organization.name}

    @property
    def vendor(self):
        return settings.VENDOR_NAME

    @property
    def pdfs(self):
        """(language code, name of the language, file name) of each PDF."""
        return [(code, name, f"{self.document.number}-{code}.pdf") for code, name in settings.LANGUAGES]


def title_of(page, language=None):
    """The title in a language (default: the reader's)."""
    return in_language(page.title, language)


def _restored_at(case):
    moments = [activity.occurred_at for activity in case.restorations]
    return min(moments) if moments else None


def _as_frozen(action):
    due_on = action.due_on.isoformat() if action.due_on else None
    return {
        "action": action.pk,
        "kind": action.kind,
        "words": action.words,
        "owner": action.owner_id,
        "due_on": due_on,
        "state": action.state,
    }


def _roles_of(keys):
    """The team of each of these people, by key."""
    people = User.objects.filter(pk__in=keys - {None}).prefetch_related("groups")
    return {person.pk: _role_of({group.name for group in person.groups.all()}) for person in people}


def _role_of(groups):
    return next((words for name, words in ROLES.items() if name in groups), CARE_TEAM)
