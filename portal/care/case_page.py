"""What the workspace shows of a case (UX S3): the customer's case page, seen from the other side, and what is internal."""

import zoneinfo
from dataclasses import dataclass, fields

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from cases import permissions
from cases.case_page import SHOWN, CasePage
from cases.models import Activity, Draft, User
from cases.models.drafts import speakable_code
from cases.notifications import customers_told
from cases.timeline_items import TimelineItem, people_named_in
from cases.timeline_window import window_of
from sla import clock_words
from sla.moments import short_moment_text
from sla.texts import in_language

from .forms import NOT_ADEQUATE, STATUS_CHANGES

INTERNAL = Activity.Visibility.INTERNAL
Kind = Activity.Kind
ASKED = (Kind.AWAITING_CUSTOMER, Kind.ANSWER_NOT_ADEQUATE)  # what asks something of the customer
SAID_TO_CUSTOMER = ASKED  # whose sentence addresses the customer: the care team reads the name of the kind instead


@dataclass(frozen=True, slots=True)
class CareItem(TimelineItem):
    """An entry of the timeline as the care team reads it."""

    is_internal: bool = False
    redact_url: str = ""  # where its text can be removed; empty for who may not, and where there is none


class CareCasePage(CasePage):
    """One case for one care user at one moment."""

    # --- what happened -------------------------------------------------------------------------------------------------

    @cached_property
    def window(self):
        matches = SHOWN.get(self.show, lambda kind: True)
        return window_of([entry.pk for entry in self.outline if matches(entry.kind)], before=self.before)

    @cached_property
    def items(self):
        internal = {entry.pk for entry in self.outline if entry.visibility == INTERNAL}
        return {key: self._care_item(item, key in internal) for key, item in super().items.items()}

    def _care_item(self, item, is_internal):
        values = {field.name: getattr(item, field.name) for field in fields(item)}
        if item.kind in SAID_TO_CUSTOMER:
            values["sentence"] = Kind(item.kind).label
        if self.may_redact and (item.text or item.files):
            values["redact_url"] = reverse("admin:care_redact", args=[self.case.number, item.key])
        return CareItem(**values, is_internal=is_internal)

    @property
    def latest_key(self):
        return self.outline[-1].pk

    @cached_property
    def _people(self):
        """Those who are named in the timeline and those who are told of a reply, in one query."""
        told = customers_told(self.case).order_by()
        named = Q(pk__in=people_named_in(self.outline)) | Q(pk__in=told.values("pk"))
        return list(User.objects.filter(named).annotate(is_told=Exists(told.filter(pk=OuterRef("pk")))).order_by("pk"))

    def _names(self, activities):
        return {person.pk: person.name for person in self._people}

    @property
    def readers_of_reply(self):
        """The names of the customers who are told of a reply."""
        return [person.name for person in self._people if person.is_told]

    @property
    def other_readers(self):
        """How many are told beside the first."""
        return len(self.readers_of_reply) - 1

    # --- clocks, the customer ------------------------------------------------------------------------------------------

    @cached_property
    def panels(self):
        return clock_words.panels(self.states, is_staff=True)

    @property
    def customer_time(self):
        """What the clock says where the customer is."""
        with timezone.override(zoneinfo.ZoneInfo(self.case.time_zone)):
            return short_moment_text(self.now)

    @property
    def plan(self):
        """The support plan's name, or ""."""
        return next((in_language(plan.name) for plan in self.rules.plans if plan.code == self.case.plan), self.case.plan)

    @property
    def checked(self):
        """What the customer says to have checked before opening the case, so that nobody asks again."""
        done = self.case.details.checklist if hasattr(self.case, "details") else []
        return [in_language(item.text) for item in self.rules.checklist if item.code in done]

    @property
    def lacks_reachable_contact(self):
        """A severity-1 case needs somebody who can be reached at any time; the case shows when it has nobody (SPEC 1)."""
        return self.case.severity_rank == 1 and not self.case.is_closed and not self.case.reachable_phone

    # --- what the care user may do -------------------------------------------------------------------------------------

    @property
    def may_add_note(self):
        return permissions.can_add_note(self.reader, self.case, self.standing)

    @property
    def may_log_call(self):
        return permissions.can_log_call(self.reader, self.case, self.standing)

    @property
    def may_assign(self):
        return permissions.can_assign(self.reader, self.case, self.standing)

    @property
    def may_triage(self):
        return permissions.can_triage(self.reader, self.case, self.standing)

    @property
    def may_own(self):
        return permissions.can_own(self.reader, self.case)

    @cached_property
    def may_redact(self):
        return permissions.can_redact(self.reader, self.case, self.standing)

    @property
    def needs_review(self):
        """Did it miss a target that the policy has reviewed with all teams, and is the reader one to write the review down?"""
        kinds = self.rules.escalation.review_on
        is_late = any(clock.kind in kinds and clock.breached_at for clock in self.states.clocks)
        is_reviewed = any(entry.kind == Kind.REVIEW for entry in self.outline)
        return bool(is_late and not is_reviewed and permissions.can_review(self.reader, self.case))

    @property
    def may_write_case_summary(self):
        return permissions.can_write_case_summary(self.reader, self.case, self.standing)

    @property
    def owes_case_summary(self):
        """Is the resolution held up until the case summary is written?"""
        return self.may_write_case_summary and self.case_summary is None

    @property
    def status_changes(self):
        """The buttons that change the status, as (value, words)."""
        changes = STATUS_CHANGES[self.case.status] if self.may_triage else []
        return [change for change in changes if change != NOT_ADEQUATE or self.has_answer]

    @property
    def has_answer(self):
        """Did the customer answer what they were asked?"""
        kinds = [entry.kind for entry in reversed(self.outline) if entry.kind in (*ASKED, Kind.WORK_NOTE)]
        return kinds[:1] == [Kind.WORK_NOTE] and any(kind in ASKED for kind in kinds)

    @property
    def note_draft(self):
        return self.drafts.get(Draft.Kind.NOTE)

    @cached_property
    def note_code(self):
        """The code under which the note is saved while it is written."""
        return self.note_draft.code if self.note_draft else speakable_code()
