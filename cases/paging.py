"""Paging and counting at a cost that does not grow with the table: no COUNT(*) over everything, no deep offset (SPEED G1, G2)."""

from dataclasses import dataclass
from typing import Any

PAGE_SIZE = 25
LAST_PAGE = 40  # further back, the dates of the filter lead
COUNT_LIMIT = 1000  # more are told as "1000+"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, with what `components/_pagination.html` asks of a page."""

    rows: list[Any]
    number: int
    has_next: bool

    @property
    def has_previous(self):
        return self.number > 1

    @property
    def has_other_pages(self):
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self):
        return self.number - 1

    @property
    def next_page_number(self):
        return self.number + 1

    @property
    def is_end_of_paging(self):
        """There is more, but not by paging on."""
        return self.number == LAST_PAGE and self.has_next


def page_of(rows, number):
    """The page `number` (as typed in the URL) of an ordered queryset; one query."""
    number = min(max(int(number), 1), LAST_PAGE) if str(number).isdecimal() and len(str(number)) < 5 else 1
    start = (number - 1) * PAGE_SIZE
    found = list(rows[start : start + PAGE_SIZE + 1])
    return Page(found[:PAGE_SIZE], number, len(found) > PAGE_SIZE)


def count_up_to_limit(rows, limit=COUNT_LIMIT):
    """How many rows there are, `limit + 1` meaning "more than the limit"; one query of bounded cost."""
    return rows.order_by()[: limit + 1].count()
