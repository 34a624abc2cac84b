"""Whether a case gets an RCA, by when, or why not, in the policy's own words (SPEC 8)."""

from dataclasses import dataclass
from datetime import datetime

from cases.models import Activity, Case
from cases.rca_owed import rca_target
from sla.clock_rules import RCA, ClockState
from sla.models import Clock

PROMISED = "PROMISED"  # from restoration on
DUE = "DUE"
LATE = "LATE"
DELIVERED = "DELIVERED"
NONE = "NONE"  # and `reasons` say why


@dataclass(frozen=True, slots=True)
class RcaPromise:
    """What the page says. `at`: when it is due, or was delivered; `reasons`: texts by language; `original`: number of the case it is about."""

    state: str
    at: datetime | None = None
    reasons: tuple[dict, ...] = ()
    is_isolated: bool = False
    is_in_policy: bool = True  # False: the support policy knows no RCA
    original: str = ""


def promise_of(case, rules, clock: ClockState | None) -> RcaPromise | None:
    """The promise of a platform-level case, or of an isolated one that would get an RCA were it none; else None."""
    if clock and clock.has_target:
        state = state_of(clock.met_at, is_late=bool(clock.breached_at))
        reasons = () if state == DELIVERED else _clauses(case, clock.target, rules.rca)
        return RcaPromise(state, clock.met_at or clock.due_at, reasons)
    if case.scope == Case.Scope.PLATFORM:
        return _of_platform(case, rca_target(case), rules.rca)
    if case.scope == Case.Scope.ISOLATED and rules.rca and rca_target(case, scope=Case.Scope.PLATFORM):
        return _of_isolated(rca_target(case), rules.rca)
    return None


def _of_platform(case, target, rca):
    if target and target.duration:
        return RcaPromise(PROMISED, reasons=_clauses(case, target, rca))
    return RcaPromise(NONE, reasons=_texts(rca.clause)) if rca else RcaPromise(NONE, is_in_policy=False)


def _of_isolated(target, rca):
    """The policy may say itself why there is none; else that it is for others."""
    reasons = _texts(target.reason, rca.isolated_summary) if target else _texts(rca.clause)
    return RcaPromise(NONE, reasons=reasons, is_isolated=True)


def promise_of_original(number, clock, *, now) -> RcaPromise:
    """The promise that a follow-up case waits for: that of the case it follows. `clock`: the stored RCA clock there, or None."""
    if clock is None or clock.due_at is None:
        return RcaPromise(PROMISED, original=number)
    return RcaPromise(state_of(clock.met_at, is_late=clock.due_at < now), clock.met_at or clock.due_at, original=number)


def state_of(met_at, *, is_late):
    """The state of a clock that was met, missed or runs."""
    return DELIVERED if met_at else LATE if is_late else DUE


def _clauses(case, target, rca):
    """The target, and for severity 1 what the policy tells of the time before the RCA."""
    return _texts(target.clause, rca.incident_summary if rca and case.severity_rank == 1 else None)


def _texts(*texts):
    return tuple(text for text in texts if text)


def delivered_document(outline):
    """The number of the RCA document that was delivered into the case, or "". `outline`: its timeline without words."""
    delivered = (entry.data.get("document", "") for entry in reversed(outline) if entry.kind == Activity.Kind.RCA_DELIVERED)
    return next(filter(None, delivered), "")


def promise_for(page) -> RcaPromise | None:
    """The promise that the page of a case shows. No query, but for a follow-up that waits for an RCA one."""
    if page.states.facts.is_for_rca:
        number = next(number for number, is_follow_up in page.related if not is_follow_up)
        clock = Clock.objects.filter(kind=RCA, case=page.case.follows_id).first()
        return promise_of_original(number, clock, now=page.now)
    return promise_of(page.case, page.rules, page.states.clock(RCA))
