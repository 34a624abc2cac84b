"""The words in which the demo's cases are told, and `tell`, which plays a story with the real actions at moments of the past.

A story's moments are relative to the real now: `At(3, "09:12")` is three weekdays ago at 09:12 on the customer's clock, `Ago(35)` is 35 minutes
ago. So the cases look the same on whatever day the demo is started.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from cases import actions
from cases.intake import IntakeData
from cases.models import Case, Draft

WEEKEND = (5, 6)


@dataclass(frozen=True)
class At:
    """So many weekdays before today, at this time on the customer's clock."""

    weekdays: int
    clock: str


@dataclass(frozen=True)
class Ago:
    minutes: int


def moment(when, *, now, time_zone) -> datetime:
    """The instant that `when` means for a customer in this zone."""
    if isinstance(when, Ago):
        return now - timedelta(minutes=when.minutes)
    zone = ZoneInfo(time_zone)
    day = now.astimezone(zone).date()
    for _weekday in range(when.weekdays):
        day -= timedelta(days=1)
        while day.weekday() in WEEKEND:
            day -= timedelta(days=1)
    return datetime.combine(day, time.fromisoformat(when.clock), zone)


@dataclass(frozen=True)
class File:
    """A file as a customer attaches it."""

    name: str
    content_type: str
    content: bytes


@dataclass
class Scene:
    """Where a step plays: the case, the people, the moment."""

    case: Case | None
    people: dict
    now: datetime
    moment_of: Callable

    def latest(self):
        """The case as the database has it now."""
        self.case.refresh_from_db()
        return self.case


@dataclass(frozen=True)
class Step:
    when: At | Ago
    do: Callable[[Scene], Any]


@dataclass(frozen=True)
class Story:
    """One case: what was asked, and what happened then."""

    organization: str
    contact: str
    opened: At | Ago
    priority: str
    subject: str
    description: str
    steps: list[Step] = field(default_factory=list)
    case_type: str = Case.Type.PROBLEM
    channel: str = Case.Channel.PORTAL
    logged_by: str = ""  # care staff who opened it for the contact
    logged_after: int = 0  # minutes after the call began
    files: tuple[File, ...] = ()
    intake: dict = field(default_factory=dict)  # further answers, fields of IntakeData


def tell(story, *, people, organizations, now):
    """Open the story's case and play its steps. Returns the case."""
    organization = organizations[story.organization]

    def moment_of(when):
        return moment(when, now=now, time_zone=organization.time_zone)

    contact = people[story.contact]
    opened_at = moment_of(story.opened)
    case = actions.open_case(
        organization,
        by=people[story.logged_by] if story.logged_by else contact,
        contact=contact,
        intake=_intake(story, contact, organization),
        channel=story.channel,
        now=opened_at + timedelta(minutes=story.logged_after),
        opened_at=opened_at,
        draft=draft_with(story.files, kind=Draft.Kind.CASE, by=contact, now=opened_at),
    )
    for step in story.steps:
        step.do(Scene(case, people, moment_of(step.when), moment_of))
    return case


def _intake(story, contact, organization):
    return IntakeData(
        case_type=story.case_type,
        subject=story.subject,
        description=story.description,
        priority_code=story.priority,
        short_name=organization.short_name,
        language=contact.language,
        **story.intake,
    )


def draft_with(files, *, kind, by, now, **fields):
    """A draft that carries these files, or None where there are none."""
    if not files:
        return None
    draft = Draft.objects.create(user=by, kind=kind, updated_at=now, **fields)
    for file in files:
        actions.keep_file(SimpleUploadedFile(file.name, file.content, file.content_type), draft=draft, by=by, now=now)
    return draft


# --- what people do ----------------------------------------------------------------------------------------------------


def _done(action, when, who, **details):
    return Step(when, lambda scene: action(scene.latest(), by=scene.people[who], now=scene.now, **details))


def take(when, who):
    """`who` makes themselves the case owner."""
    return Step(when, lambda scene: actions.assign(scene.latest(), by=scene.people[who], owner=scene.people[who], now=scene.now))


def hand_over(when, who, to):
    return Step(when, lambda scene: actions.assign(scene.latest(), by=scene.people[who], owner=scene.people[to], now=scene.now))


def reply(when, who, text, files=()):
    def do(scene):
        by, case = scene.people[who], scene.latest()
        draft = draft_with(files, kind=Draft.Kind.REPLY, by=by, now=scene.now, case=case)
        actions.reply(case, by=by, text=text, now=scene.now, draft=draft)

    return Step(when, do)


def ask(when, who, text):
    """The care team replies and waits for the customer."""
    return _done(actions.reply, when, who, text=text, then="AWAITING_CUSTOMER")


def note(when, who, text):
    return _done(actions.add_internal_note, when, who, text=text)


def call(when, who, text, started):
    return Step(
        when,
        lambda scene: actions.log_call(
            scene.latest(), by=scene.people[who], text=text, now=scene.now, started_at=scene.moment_of(started)
        ),
    )


def severity(when, who, rank, reason):
    return _done(actions.change_severity, when, who, rank=rank, reason=reason)


def priority(when, who, code, reason):
    return _done(actions.change_priority, when, who, code=code, reason=reason)


def scope(when, who, to, reason=""):
    return _done(actions.set_scope, when, who, scope=to, reason=reason)


def impact(when, who, *, is_significant):
    return _done(actions.set_impact, when, who, is_significant=is_significant)


def promise(when, who, hours):
    """The next update is promised so many hours later."""
    return Step(
        when,
        lambda scene: actions.promise_update(
            scene.latest(), by=scene.people[who], promised_at=scene.now + timedelta(hours=hours), now=scene.now
        ),
    )


def third_party(when, who, name, reference="", link="", weekdays=5):
    """Wait for somebody else, who promised an answer within so many days."""
    return Step(
        when,
        lambda scene: actions.await_third_party(
            scene.latest(),
            by=scene.people[who],
            name=name,
            reference=reference,
            link=link,
            promised_on=scene.now.date() + timedelta(days=weekdays),
            now=scene.now,
        ),
    )


def third_party_replied(when, who):
    return _done(actions.third_party_replied, when, who)


def resume(when, who):
    return _done(actions.resume, when, who)


def not_adequate(when, who):
    return _done(actions.mark_answer_not_adequate, when, who)


def restored(when, who, at):
    return Step(
        when,
        lambda scene: actions.mark_restored(scene.latest(), by=scene.people[who], restored_at=scene.moment_of(at), now=scene.now),
    )


def propose(when, who, summary, preliminary=""):
    """`preliminary`: the preliminary RCA, where the policy owes one."""
    return _done(actions.propose_resolution, when, who, summary=summary, preliminary=preliminary)


def case_summary(when, who, description, findings, restoration):
    """What an isolated severity-1 case gets in the place of an RCA."""
    return _done(actions.write_case_summary, when, who, description=description, findings=findings, restoration=restoration)


def accept(when, who):
    return _done(actions.accept_resolution, when, who)


def reject(when, who, reason):
    return _done(actions.reject_resolution, when, who, reason=reason)


def close(when, who, summary=""):
    return _done(actions.close_case, when, who, summary=summary)


def reopen(when, who, reason):
    return _done(actions.reopen_case, when, who, reason=reason)


def keep_open(when, who):
    return _done(actions.keep_open, when, who)


def redact_latest(when, who, reason):
    """Remove the words of the latest activity for good."""

    def do(scene):
        latest = scene.case.activities.order_by("-pk").first()
        actions.redact(latest, by=scene.people[who], reason=reason, now=scene.now)

    return Step(when, do)
