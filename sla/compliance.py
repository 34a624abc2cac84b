"""How well promises were kept: figures over stored clocks, grouped as the caller likes, and the columns of their CSV (SPEC 11, UX M1).

The verdict is that of `sla.verdicts`, said in the database's words: whatever the sweep has seen so far. A count-down to a closing is no promise
and is left out.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Case as Choice
from django.db.models import CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from sla.clock_rules import CLOSING
from sla.models import Clock
from sla.policy_rules import FIRST_RESPONSE, KINDS, NEXT_RESPONSE, NEXT_UPDATE, RESOLUTION, RESTORATION
from sla.verdicts import LATE, NONE, ON_TIME, OPEN

State = Clock.State
UPDATES, ENDS = "UPDATES", "ENDS"  # kinds that are told as one figure
GROUPS = {UPDATES: (NEXT_RESPONSE, NEXT_UPDATE), ENDS: (RESTORATION, RESOLUTION)}
FIGURES = {FIRST_RESPONSE: (FIRST_RESPONSE,), **GROUPS}
GOAL = 95  # percent that should be kept: ours, no guide names one


@dataclass(frozen=True, slots=True)
class Figure:
    """Kept and missed promises, and those that are not decided yet."""

    kept: int = 0
    late: int = 0
    undecided: int = 0

    @property
    def decided(self) -> int:
        return self.kept + self.late

    @property
    def percent(self) -> int | None:
        """Kept of those that are decided, rounded down; None where none is."""
        return 100 * self.kept // self.decided if self.decided else None

    @property
    def reaches_goal(self) -> bool:
        return self.percent is None or self.percent >= GOAL


def kinds_of(name: str) -> tuple[str, ...]:
    """The kinds of clock that a kind or a group stands for; all of them for ""."""
    return GROUPS.get(name) or ((name,) if name else KINDS)


def clocks_of(cases: QuerySet, *, now: datetime, kinds: tuple[str, ...] = KINDS) -> QuerySet[Clock]:
    """The clocks of these cases (a queryset that holds what the reader may see), each with its `verdict`."""
    clocks = Clock.objects.filter(case__in=cases.order_by()).exclude(kind=CLOSING)
    return with_verdict(clocks if kinds == KINDS else clocks.filter(kind__in=kinds), now=now)


def with_verdict(clocks: QuerySet[Clock], *, now: datetime) -> QuerySet[Clock]:
    """Annotate `verdict`; the same as `sla.verdicts.verdict_of`."""
    verdict = Choice(
        When(kind=CLOSING, then=Value(NONE)),
        When(Q(breached_at__isnull=False) | Q(state=State.RUNNING, due_at__lt=now), then=Value(LATE)),
        When(state=State.MET, then=Value(ON_TIME)),
        When(state__in=(State.NO_TARGET, State.STOPPED), then=Value(NONE)),
        default=Value(OPEN),
        output_field=CharField(),
    )
    return clocks.annotate(verdict=verdict)


def figures(clocks: QuerySet[Clock], *by: str) -> dict[tuple, Figure]:
    """A figure for each group: the values of the columns `by` -> Figure. One statement. `clocks` come from `clocks_of`."""
    counts = defaultdict(dict)
    for *group, verdict, count in clocks.order_by().values_list(*by, "verdict").annotate(count=Count("pk")):
        counts[tuple(group)][verdict] = count
    return {
        group: Figure(found.get(ON_TIME, 0), found.get(LATE, 0), found.get(OPEN, 0))
        for group, found in counts.items()
        if found.keys() - {NONE}
    }


def sum_of(found: dict[tuple, Figure], kinds: tuple[str, ...]) -> Figure:
    """The figure of several kinds together, from figures by kind."""
    chosen = [figure for (kind,), figure in found.items() if kind in kinds]
    return Figure(*(sum(getattr(figure, name) for figure in chosen) for name in ("kept", "late", "undecided")))


def csv_rows(clocks: QuerySet[Clock]) -> Iterator[tuple]:
    """The rows of the CSV, after `CSV_HEADER`, read piece by piece; the due time in UTC stands at their end."""
    rows = clocks.order_by("case", "pk").values_list(*_COLUMNS.values())
    place = list(_COLUMNS).index("due_at")
    for row in rows.iterator(chunk_size=2000):
        yield *row, row[place] and row[place].astimezone(UTC).isoformat(timespec="seconds")


def _columns():
    case = "case__"
    return {
        "number": Concat(Value("CS-"), Cast(F("case_id") + 1_000_000, CharField())),
        "clock": F("kind"),
        "verdict": F("verdict"),
        "state": F("state"),
        "target": F("target_code"),
        "started_at": F("started_at"),
        "due_at": F("due_at"),
        "met_at": F("met_at"),
        "breached_at": F("breached_at"),
        "paused_at": F("paused_at"),
        "pause_cause": F("pause_cause"),
        "remaining_seconds": F("remaining_seconds"),
        "severity": F(f"{case}severity_rank"),
        "urgency": F(f"{case}urgency_rank"),
        "priority": F(f"{case}priority_code"),
        "scope": F(f"{case}scope"),
        "channel": F(f"{case}channel"),
        "status": F(f"{case}status"),
        "opened_at": F(f"{case}opened_at"),
        "closed_at": F(f"{case}closed_at"),
        "organization": F(f"{case}organization__name"),
        "organization_id": F(f"{case}organization__organization_id"),
        "country": F(f"{case}country"),
        "support_plan": F(f"{case}plan"),
        "support_policy": F(f"{case}policy_version__policy__code"),
        "policy_version": F(f"{case}policy_version__number"),
        "calendar": F(f"{case}calendar_version__calendar__code"),
        "calendar_version": F(f"{case}calendar_version__number"),
        "is_default_policy": Q(case__agreement=None),
        "case_owner": F(f"{case}owner__name"),
    }


#: Column name -> expression. Names are stable and English, codes are those of the data model.
_COLUMNS = _columns()
CSV_HEADER = (*_COLUMNS, "due_at_utc")
