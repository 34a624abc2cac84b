"""What the page on which a case is escalated shows one reader at one moment (SPEC 6, UX C8)."""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.case_page import CasePage
from cases.models import Activity
from cases.timeline import Kind
from cases.timeline_items import items_of, people_named_in

from .eligibility import RCA_NOT_YET_DUE, UPDATE_UNREAD, URGENCY_CHANGE
from .escalation_facts import eligibility_in, has_tam, level_now, unread_updates
from .escalation_levels import TAM
from .models import Escalation, EscalationReminder
from .permissions import can_escalate

CASE, RCA, URGENCY = "case", "rca", "urgency"
ABOUT = {
    CASE: _("The case needs more attention"),
    RCA: _("The RCA is late"),
    URGENCY: _("It has become more urgent"),
}
HISTORY = tuple(kind for kind in Kind if kind.name.startswith("ESCALATION_"))


@dataclass
class EscalationPage:
    """The case of `page`, and what it is about: "case", "rca", "urgency", already checked or None."""

    page: CasePage
    about: str | None = None

    @property
    def case(self):
        return self.page.case

    @property
    def rules(self):
        return self.page.rules.escalation

    # --- what it is about ----------------------------------------------------------------------------------------------

    @property
    def topics(self):
        """What an escalation of this case can be about, as (value, words): what the policy has a condition for."""
        asked = {RCA: RCA_NOT_YET_DUE, URGENCY: URGENCY_CHANGE}
        return [(value, words) for value, words in ABOUT.items() if value not in asked or asked[value] in self.rules.criteria]

    @property
    def topic(self):
        """The one that was asked for, or else the case."""
        return self.about if self.about in dict(self.topics) else CASE

    @property
    def kind(self):
        return Escalation.Kind.RCA if self.topic == RCA else Escalation.Kind.CASE

    # --- what was asked for before -------------------------------------------------------------------------------------

    @cached_property
    def escalations(self):
        """Those of the case, oldest first."""
        own = Escalation.objects.visible_to(self.page.reader).filter(case=self.case)
        return list(own.select_related("owner", "requested_by").order_by("pk"))

    @property
    def is_reminded(self):
        """Has the reader asked to be told when it becomes possible?"""
        own = EscalationReminder.objects.visible_to(self.page.reader).filter(
            case=self.case, user=self.page.reader, kind=self.kind
        )
        return own.filter(ask_at__isnull=False).exists()

    @property
    def active(self):
        return next((one for one in self.escalations if one.is_active), None)

    @property
    def ended(self):
        """The latest one, where it has ended and nothing is active."""
        return self.escalations[-1] if self.escalations and not self.active else None

    @property
    def awaits_answer(self):
        """Is the customer to say whether the result of the latest one is enough?"""
        ended = self.ended
        return bool(ended and ended.is_satisfied is None and ended.state != Escalation.State.WITHDRAWN)

    @cached_property
    def histories(self):
        """What happened to each escalation, as items by its key."""
        told = {entry.pk: entry.data["escalation"] for entry in self.page.outline if entry.kind in HISTORY}
        if not told:
            return {}
        activities = Activity.objects.visible_to(self.page.reader).filter(pk__in=told).in_order()
        by_key = {}
        for item in self._items(activities.select_related("actor", "text_row__redacted_by")):
            by_key.setdefault(told[item.key], []).append(item)
        return by_key

    def _items(self, activities):
        activities = list(activities)
        for activity in activities:
            activity.kept_files = []
        names = self.page.names_of(people_named_in(activities))
        return items_of(activities, case=self.case, reader=self.page.reader, names=names)

    @property
    def shown(self):
        """The active escalation, or the latest one that ended."""
        return self.active or self.ended

    @property
    def history(self):
        """What happened to the escalation that is shown."""
        return self.histories.get(self.shown.pk, []) if self.shown else []

    # --- may it be asked for now? --------------------------------------------------------------------------------------

    @cached_property
    def may_ask(self):
        return can_escalate(self.page.reader, self.case, self.page.standing)

    @cached_property
    def unread(self):
        """The updates that the reader has not read yet, where the policy asks for it."""
        if UPDATE_UNREAD not in self.rules.criteria:
            return []
        return self._items(unread_updates(self.case, by=self.page.reader).select_related("actor", "text_row__redacted_by"))

    @cached_property
    def found(self):
        """The `Eligibility`."""
        return eligibility_in(
            self.case,
            self.page.states,
            by=self.page.reader,
            kind=self.kind,
            is_about_urgency=self.topic == URGENCY,
            has_unread_update=bool(self.unread),
        )

    @property
    def rows(self):
        """Each condition with the policy's own words for it."""
        return [(criterion, self.rules.clauses.get(criterion.code, {})) for criterion in self.found.criteria]

    @property
    def is_open(self):
        """Can this reader send a request now?"""
        return bool(self.may_ask and not self.active and self.level and self.found.is_eligible)

    @cached_property
    def awaited(self):
        """The latest message of the care team, which says what is awaited; None where there is none."""
        messages = [entry.pk for entry in self.page.outline if entry.kind in (Kind.REPLY, Kind.PROPOSED)]
        found = Activity.objects.visible_to(self.page.reader).filter(pk__in=messages[-1:])
        return next(iter(self._items(found.select_related("actor", "text_row__redacted_by"))), None)

    # --- what happens then ---------------------------------------------------------------------------------------------

    @cached_property
    def level(self):
        """The level to which a request goes now, or None where the policy has none."""
        own = [one for one in self.escalations if one.kind == self.kind and not one.is_active]
        return level_now(self.case, own)

    @property
    def has_more_levels(self):
        """Does the policy have a level above the first?"""
        return len([level for level in self.rules.levels if level.code != TAM or has_tam(self.case.organization)]) > 1

    @property
    def tam(self):
        """The TAM who is asked at the TAM's level, or None."""
        return self.case.organization.tam if self.level and self.level.code == TAM else None
