"""What the customer's case page shows, read in a fixed number of queries whatever the length of the timeline (UX C7, SPEED G3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.functional import cached_property

from sla import clock_words, clocks
from sla.calendars import business_calendar
from sla.clock_rules import AUTOMATIC
from sla.explain import explain_clock, explain_closing
from sla.explanation_words import words_of
from sla.moments import relative_text
from sla.policies import rules_of
from sla.priority_ways import is_at_least, ways_up

from . import permissions
from .case_facts import answers_of, facts_of, is_id
from .expectations import expected_resolution
from .models import Activity, Attachment, Case, Draft, User
from .models.drafts import speakable_code
from .rca_owed import CASE_SUMMARY
from .timeline import events_of
from .timeline_items import CARDS, items_of, people_named_in
from .timeline_window import window_of

Kind = Activity.Kind
Status = Case.Status
CUSTOMER = Activity.Visibility.CUSTOMER
SHOWN = {"messages": lambda kind: kind in CARDS, "changes": lambda kind: kind not in CARDS}
OVERLAP = timedelta(minutes=1)  # within which a saved text that was also sent counts as sent


@dataclass
class CasePage:
    """One case for one reader at one moment. `before`, `show` and `seen` are the timeline's parameters, already checked."""

    case: Case
    reader: User
    now: datetime
    before: int | None = None  # page back from this activity
    show: str = ""  # "messages", "changes", or "" for all
    seen: int | None = None  # the latest activity that was on the screen: what follows is marked as new

    @cached_property
    def rules(self):
        return rules_of(self.case.policy_version)

    @cached_property
    def facts(self):
        """What the case is, as (term, text) rows."""
        return facts_of(self.case, self.rules)

    @property
    def ids(self):
        """Those of the facts that people copy."""
        return [text for _term, text in self.facts if is_id(text)]

    @cached_property
    def answers(self):
        """What was answered at opening beyond the description, as (question, text) rows."""
        return answers_of(self.case)

    # --- what happened -------------------------------------------------------------------------------------------------

    @cached_property
    def outline(self):
        """The whole timeline without words: clocks are derived from it, and it says which entries there are."""
        outline = self.case.activities.in_order().values_list("pk", "kind", "occurred_at", "data", "visibility", named=True)
        return list(outline)

    @cached_property
    def window(self):
        matches = SHOWN.get(self.show, lambda kind: True)
        keys = [entry.pk for entry in self.outline if entry.visibility == CUSTOMER and matches(entry.kind)]
        return window_of(keys, before=self.before)

    @cached_property
    def items(self):
        """The shown entries by key, and the latest case summary, which has a place of its own."""
        activities = (
            Activity.objects.visible_to(self.reader)
            .filter(pk__in={*self.window.all_keys, self._summary_key} - {None})
            .select_related("actor", "text_row__redacted_by")
            .in_order()
        )
        activities = list(activities)
        self._fetch_files(activities)
        items = items_of(activities, case=self.case, reader=self.reader, names=self._names(activities))
        return {item.key: item for item in items}

    def _fetch_files(self, activities):
        """Give the shown entries and the reader's drafts their `kept_files`: all in one query."""
        files = Attachment.objects.filter(Q(activity__in=activities) | Q(draft__in=self._kept_drafts), removed_at=None)
        by_place, drafts = {}, {draft.pk: draft for draft in self._kept_drafts}
        for file in files.order_by("pk"):
            file.draft = drafts.get(file.draft_id)  # whose code the file's button asks for
            by_place.setdefault((file.activity_id, file.draft_id), []).append(file)
        for activity in activities:
            activity.kept_files = by_place.get((activity.pk, None), [])
        for draft in self._kept_drafts:
            draft.kept_files = by_place.get((None, draft.pk), [])

    def _names(self, activities):
        return self.names_of(people_named_in(activities))

    def names_of(self, named):
        """The names of users, by their keys; no query for nobody."""
        return dict(User.objects.filter(pk__in=named).values_list("pk", "name")) if named else {}

    @property
    def first_item(self):
        """The first entry, where a gap follows it; else None."""
        return self.items.get(self.window.first)

    @property
    def latest_items(self):
        return [self.items[key] for key in self.window.keys if key in self.items]

    @property
    def first_new_key(self):
        """The first entry that was not on the screen before, or None."""
        return next((key for key in self.window.keys if self.seen is not None and key > self.seen), None)

    @property
    def latest_key(self):
        """The latest entry that the customer may see; 0 where there is none."""
        return next((entry.pk for entry in reversed(self.outline) if entry.visibility == CUSTOMER), 0)

    @property
    def read_key(self):
        """The latest entry that the reader, a contact, reads on this page for the first time; None where it shows nothing new of that kind."""
        shows_all = self.before is None and not self.show and self.standing.is_contact
        return self.latest_key if shows_all and self.latest_key > (self.case.read_key or 0) else None

    @cached_property
    def proposal(self):
        """The proposed resolution that waits for an answer, as an item, where it is among the shown entries."""
        proposed = [item for item in self.items.values() if item.kind == Activity.Kind.PROPOSED]
        return proposed[-1] if proposed and self.case.status == Status.RESOLUTION_PROPOSED else None

    @cached_property
    def related(self):
        """(number, is a follow-up of this case) of the cases linked with this one, in the order in which they were."""
        links = [entry.data for entry in self.outline if entry.kind == Activity.Kind.FOLLOW_UP]
        return [(data["number"], data["original"]) for data in links]

    @property
    def _summary_key(self):
        documents = [entry for entry in self.outline if entry.kind == Activity.Kind.RCA_DELIVERED]
        return next((entry.pk for entry in reversed(documents) if entry.data["kind"] == CASE_SUMMARY), None)

    @property
    def case_summary(self):
        """The latest case summary, as an item; None where there is none."""
        return self.items.get(self._summary_key)

    # --- clocks --------------------------------------------------------------------------------------------------------

    @cached_property
    def states(self):
        return clocks.states(self.case, events=events_of(self.outline), now=self.now)

    @cached_property
    def calendar(self):
        return business_calendar(self.case.calendar_version, time_zone=self.case.time_zone, country=self.case.country)

    @cached_property
    def panels(self):
        return clock_words.panels(self.states)

    @property
    def most_urgent(self):
        return clock_words.most_urgent(self.panels)

    @property
    def explanations(self):
        """The arithmetic of every clock in sentences, each moment in the reader's zone and in the customer's (SPEC 5, "Explain")."""
        told = [explain_clock(clock) for clock in self.states.clocks]
        if self.states.closing:
            told.append(explain_closing(self.states.closing, self.calendar))
        return [words_of(explanation, self.zones) for explanation in told]

    @property
    def zones(self):
        """The reader's time zone and the customer's, each once."""
        return tuple(dict.fromkeys((self.reader.time_zone, self.case.time_zone)))

    @property
    def expected_at(self):
        """When the care team expects the case to be resolved; None where it never said so, or the case is closed."""
        return None if self.case.is_closed else expected_resolution(self.outline)

    @property
    def is_closed_by_itself(self):
        """Will the portal close the case? Otherwise it becomes subject to closure, and the owner decides."""
        return self.states.closing.kind == AUTOMATIC

    @property
    def closing_at(self):
        """When the case is closed, or may be closed, unless the customer acts; None where nothing of the kind is near."""
        closing = self.states.closing
        return closing and (getattr(self.case, "closing_at", None) or closing.at)

    @property
    def closing_in(self):
        """The countdown: "in 2 days"."""
        return relative_text(self.closing_at, now=self.now)

    # --- what the reader may do ----------------------------------------------------------------------------------------

    @cached_property
    def standing(self):
        return permissions.standing_of(self.reader, self.case.organization)

    @cached_property
    def may_reply(self):
        return permissions.can_reply(self.reader, self.case, self.standing, now=self.now)

    @cached_property
    def may_accept(self):
        return permissions.can_accept(self.reader, self.case, self.standing)

    @cached_property
    def may_close(self):
        return permissions.can_close(self.reader, self.case, self.standing)

    @cached_property
    def may_reopen(self):
        return permissions.can_reopen(self.reader, self.case, self.standing, now=self.now)

    @cached_property
    def may_keep_open(self):
        return permissions.can_keep_open(self.reader, self.case, self.standing)

    @cached_property
    def may_follow_up(self):
        return permissions.can_follow_up(self.reader, self.case, self.standing, now=self.now)

    @property
    def reopen_until(self):
        return permissions.reopen_until(self.case)

    @cached_property
    def _kept_drafts(self):
        return list(Draft.objects.visible_to(self.reader).filter(case=self.case).order_by("pk"))

    @cached_property
    def drafts(self):
        """What the reader has typed here and not sent, by kind, with its `kept_files`."""
        return {draft.kind: draft for draft in reversed(self._kept_drafts) if not self.is_sent(draft)}

    @property
    def draft(self):
        """The reader's unsent reply, or None."""
        return self.drafts.get(Draft.Kind.REPLY)

    def is_sent(self, draft):
        """Was this sent while it was being saved? A save that overlaps with the sending may be written after it."""
        text = draft.data.get("text", "").strip()
        said = [item for item in self.items.values() if item.is_mine and item.text == text]
        is_overtaken = any(abs(item.occurred_at - draft.updated_at) < OVERLAP for item in said)
        return is_overtaken and not draft.kept_files

    @cached_property
    def draft_code(self):
        """The code under which the reply is saved while it is written; a new one where nothing is saved yet."""
        return self.draft.code if self.draft else speakable_code()

    @property
    def draft_query(self):
        """What the addresses of the draft add, so that it can be made where it does not exist yet."""
        return f"?kind={Draft.Kind.REPLY}&case={self.case.number}"

    @property
    def draft_files(self):
        return self.draft.kept_files if self.draft else []

    @property
    def ways_up(self):
        """How the policy lets the customer ask for a higher priority than the present one."""
        return ways_up(self.rules, self.case.priority_code)

    @property
    def priority_asked(self):
        """The request for a higher priority that waits for an answer, as an entry of the outline; None where there is none."""
        told = self._latest_of(Kind.PRIORITY_ASKED, Kind.PRIORITY_DECLINED)
        is_waiting = told and told.kind == Kind.PRIORITY_ASKED and not self.case.is_closed
        return told if is_waiting and not is_at_least(self.rules, self.case.priority_code, told.data["to"]) else None

    @property
    def severity_contested(self):
        """The note that contests the present severity and waits for an answer, as an entry of the outline; None where there is none."""
        told = self._latest_of(Kind.SEVERITY, Kind.SEVERITY_CONTESTED, Kind.SEVERITY_UPHELD)
        return told if told and told.kind == Kind.SEVERITY_CONTESTED and not self.case.is_closed else None

    @property
    def is_severity_contestable(self):
        """May the reader contest the severity? As `permissions.can_contest_severity`, without asking the database."""
        told = self._latest_of(Kind.SEVERITY, Kind.SEVERITY_CONTESTED)
        return bool(told and told.kind == Kind.SEVERITY and self.standing.is_contact and not self.case.is_closed)

    def _latest_of(self, *kinds):
        return next((entry for entry in reversed(self.outline) if entry.kind in kinds), None)

    @property
    def phones(self):
        """The policy's phone numbers, the customer's region first."""
        return sorted(self.rules.phones, key=lambda phone: phone.region != self.case.organization.phone_region)
