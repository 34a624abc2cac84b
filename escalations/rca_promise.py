"""Whether a case gets an RCA, by when, or why not, in the policy's own words (SPEC 8)."""

from dataclasses import dataclass
from datetime import datetime

from cases.models import Activity, Case
from cases.rca_owed import FULL, rca_target
from sla.clock_rules import RCA, ClockState
from sla.models import Clock
from sla.moments import moment_text

from .models import DocumentRequest

Kind = Activity.Kind
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


@dataclass
class Documents:
    """What the timeline of a case tells about documents and requests for them. Keys are those of activities."""

    number: str = ""  # of the RCA document that was delivered last
    is_delivered: bool = False  # an RCA, whatever its form
    is_rca_asked: bool = False
    is_meeting_asked: bool = False
    meeting_key: int | None = None
    meets_at: datetime | None = None


def documents_of(outline) -> Documents:
    """The state after the whole timeline. `outline`: its entries without words, in order."""
    found = Documents()
    for entry in outline:
        if entry.kind == Kind.RCA_DELIVERED and entry.data.get("kind") == FULL:
            found.number = entry.data.get("document", found.number)
            found.is_delivered, found.is_rca_asked = True, False
        elif entry.kind == Kind.RCA_ASKED:
            found.is_rca_asked = True
        elif entry.kind == Kind.MEETING_ASKED:
            found.is_meeting_asked = True
        elif entry.kind == Kind.MEETING_ARRANGED:
            found.is_meeting_asked = False
            found.meeting_key, found.meets_at = entry.pk, datetime.fromisoformat(entry.data["meets_at"])
        elif entry.kind == Kind.REQUEST_DECLINED:
            found.is_rca_asked = found.is_rca_asked and entry.data["kind"] != "RCA"
            found.is_meeting_asked = found.is_meeting_asked and entry.data["kind"] != "MEETING"
    return found


def proposed_times(case) -> list[str]:
    """The times that the customer proposes for the discussion they ask for, in the reader's zone."""
    asked = DocumentRequest.objects.open().filter(case=case, kind=DocumentRequest.Kind.MEETING).first()
    return [moment_text(datetime.fromisoformat(at)) for at in asked.proposed_times] if asked else []


def may_ask_for_rca(promise, documents, rca):
    """Is there an RCA to be asked for, and was it not asked for or delivered yet? `rca`: the policy's rules for it, or None."""
    if not rca or not promise or promise.original or documents.is_delivered or documents.is_rca_asked:
        return False
    return promise.state in (PROMISED, DUE, LATE) or (rca.on_request and not promise.is_isolated)


def promise_for(page) -> RcaPromise | None:
    """The promise that the page of a case shows. No query, but for a follow-up that waits for an RCA one."""
    if page.states.facts.is_for_rca:
        number = next(number for number, is_follow_up in page.related if not is_follow_up)
        clock = Clock.objects.filter(kind=RCA, case=page.case.follows_id).first()
        return promise_of_original(number, clock, now=page.now)
    return promise_of(page.case, page.rules, page.states.clock(RCA))
