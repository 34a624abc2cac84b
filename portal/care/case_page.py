"""What the workspace shows of a case (UX S3): the customer's case page, seen from the other side, and what is internal."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.functional import cached_property

from cases import permissions
from cases.case_page import CasePage
from cases.models import Activity, Attachment, Draft, User
from cases.notifications import customers_told
from cases.timeline_items import TimelineItem
from cases.timeline_window import window_of
from sla import clock_words

INTERNAL = Activity.Visibility.INTERNAL
Kind = Activity.Kind
ADDRESSED_TO_THE_CUSTOMER = {Kind.AWAITING_CUSTOMER, Kind.ANSWER_NOT_ADEQUATE}  # the care team reads what the activity is called


@dataclass(frozen=True, slots=True)
class CareItem:
    """An entry of the timeline as the care team reads it."""

    item: TimelineItem
    sentence: str
    is_internal: bool
    is_card: bool
    has_text: bool
    promised_on: date | None = None  # by a third party
    masked: tuple = ()


class CareCasePage(CasePage):
    """One case for one care user at one moment."""
