"""The timeline as its customer reads it: messages as cards, changes as one line (UX C7, §6 "Timeline").

Sentences are addressed to the customer; only activities of `Activity.objects.visible_to` come in here.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sla.clock_words import NAMES as CLOCK_NAMES
from sla.moments import moment_text
from sla.policies import rules_of
from sla.texts import ENGLISH, in_language, is_fallback

from . import incident_words
from .models import Activity, Case
from .rca_owed import CASE_SUMMARY, FULL, PRELIMINARY

Kind = Activity.Kind
CARDS = frozenset(
    {
        Kind.OPENED,
        Kind.REPLY,
        Kind.WORK_NOTE,
        Kind.CALL,
        Kind.PROPOSED,
        Kind.REJECTED,
        Kind.PRIORITY_ASKED,
        Kind.SEVERITY_CONTESTED,
        Kind.RCA_DELIVERED,
        Kind.RCA_ASKED,
        Kind.MEETING_ASKED,
        Kind.MEETING_ARRANGED,
        Kind.REQUEST_DECLINED,
        Kind.INCIDENT_SUMMARY,
    }
)  # shown as messages; the rest are changes
ICONS = {
    Kind.ACKNOWLEDGED: "circle-check",
    Kind.CALL: "phone",
    Kind.ON_CALL: "bell",
    Kind.SEVERITY: "flag",
    Kind.PRIORITY: "flag",
    Kind.PRIORITY_DECLINED: "flag",
    Kind.SEVERITY_UPHELD: "flag",
    Kind.OWNER: "user",
    Kind.RESTORED: "activity",
    Kind.PROMISE: "clock",
    Kind.EXPECTATION: "clock",
    Kind.PLAN: "file-text",
    Kind.VERSION: "file-text",
    Kind.AWAITING_CUSTOMER: "arrow-up",
    Kind.ANSWER_NOT_ADEQUATE: "arrow-up",
    Kind.AWAITING_THIRD_PARTY: "link",
    Kind.BREACHED: "octagon-alert",
    Kind.BREACH_WITHDRAWN: "circle-check",
    Kind.PROPOSED: "circle-check",
    Kind.ACCEPTED: "circle-check",
    Kind.CLOSED: "circle-check",
    Kind.REOPENED: "refresh-cw",
    Kind.ATTACHMENT: "paperclip",
    Kind.FILE_REFUSED: "octagon-alert",
    Kind.ESCALATION_ASKED: "flag",
    Kind.ESCALATION_ACCEPTED: "flag",
    Kind.ESCALATION_UPDATE: "clock",
    Kind.ESCALATION_DECLINED: "circle-x",
    Kind.ESCALATION_RESOLVED: "circle-check",
    Kind.ESCALATION_WITHDRAWN: "circle-check",
    Kind.REDACTED: "x",
    Kind.FOLLOW_UP: "link",
    Kind.INCIDENT_LINKED: "link",
    Kind.INCIDENT_UPDATE: "activity",
    Kind.RCA_DELIVERED: "file-text",
    Kind.MEETING_ARRANGED: "clock",
    Kind.REQUEST_DECLINED: "circle-x",
    Kind.INCIDENT_SUMMARY: "file-text",
}
DOCUMENTS = {  # by the kind in the data of RCA_DELIVERED
    FULL: gettext_lazy("Root cause analysis (RCA)"),
    PRELIMINARY: gettext_lazy("Preliminary RCA"),
    CASE_SUMMARY: gettext_lazy("Case summary"),
}


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a removed text: who, when, why (SPEC 4)."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One entry of the timeline. `side` is "customer" or "support"; `sentence` is the heading of a card or the line of a change."""

    key: int
    kind: str
    is_card: bool
    icon: str
    side: str
    author: str  # empty: the portal itself
    is_mine: bool
    occurred_at: datetime
    logged_at: datetime | None  # where it was logged later than it happened
    sentence: str
    text: str = ""
    language: str = ""
    files: list = field(default_factory=list)
    tombstone: Tombstone | None = None
    channel: str = ""
    is_untranslated: bool = False  # the care team's public words, in English for want of a translation

    @property
    def anchor(self):
        return f"event-{self.key}"


def items_of(activities, *, case, reader, names):
    """The activities as items, in their order. They come with `text_row`, `actor` and `kept_files`; `names` are users' names by key."""
    return [_item(activity, case, reader, names) for activity in activities]


def people_named_in(activities):
    """The keys of users that sentences will name beside the actors."""
    owners = {activity.data["to"] for activity in activities if activity.kind == Kind.OWNER and activity.data.get("to")}
    return owners | {activity.data["owner"] for activity in activities if activity.kind == Kind.ESCALATION_UPDATE}


def _item(activity, case, reader, names):
    words = getattr(activity, "text_row", None)
    text, language = _said(activity, words)
    is_late = activity.occurred_at != activity.recorded_at
    return TimelineItem(
        key=activity.pk,
        kind=activity.kind,
        is_card=activity.kind in CARDS,
        icon=ICONS.get(activity.kind, "user" if activity.from_customer else "message-square"),
        side="customer" if activity.from_customer else "support",
        author=activity.actor.name if activity.actor else "",
        is_mine=activity.actor_id == reader.pk,
        occurred_at=activity.occurred_at,
        logged_at=activity.recorded_at if is_late else None,
        sentence=sentence_of(activity, case=case, names=names, words=words.text if words else ""),
        text=text,
        language=language,
        files=activity.kept_files,
        tombstone=_tombstone(words),
        channel=_channel(activity),
        is_untranslated=is_fallback(activity.data.get("words")) or "untranslated" in activity.data,
    )


def _said(activity, words):
    """The text below the sentence and its language; the care team's public words on an incident in the reader's, or else in English."""
    if translated := activity.data.get("words"):
        return in_language(translated), ENGLISH if is_fallback(translated) else get_language()
    if not words or activity.kind in SAID_IN_SENTENCE:
        return "", words.language if words else ""
    return words.text, words.language


def _tombstone(words):
    if words is None or words.redacted_at is None:
        return None
    return Tombstone(words.redacted_at, words.redacted_by.name if words.redacted_by else "", words.redaction_reason)


def _channel(activity):
    is_told = activity.channel and activity.channel != Case.Channel.PORTAL
    return activity.get_channel_display() if is_told else ""


# --- sentences ---------------------------------------------------------------------------------------------------------

SAID_IN_SENTENCE = frozenset({Kind.AWAITING_THIRD_PARTY, Kind.FILE_REFUSED})  # whose words stand in the sentence, not below it


def sentence_of(activity, *, case, names, words=""):
    """What happened, as a whole sentence for the customer."""
    tell = TOLD_FROM_DATA.get(activity.kind)
    return tell(activity, case, names, words) if tell else SENTENCES.get(activity.kind) or activity.get_kind_display()


def _severity(activity, case, names, words):
    rules = rules_of(case.policy_version)
    return _changed(
        *(rules.severity(activity.data[side]) for side in ("from", "to")),
        first=_("Severity: “%(after)s”."),
        later=_("Severity changed from “%(before)s” to “%(after)s”."),
    )


def _priority(activity, case, names, words):
    rules = rules_of(case.policy_version)
    return _changed(
        *(rules.priority(activity.data[side]) for side in ("from", "to")),
        first=_("Priority: “%(after)s”."),
        later=_("Priority changed from “%(before)s” to “%(after)s”."),
    )


def _priority_asked(activity, case, names, words):
    wanted = rules_of(case.policy_version).priority(activity.data["to"])
    return _("Priority “%(priority)s” requested") % {"priority": in_language(wanted.name)}


def _on_call(activity, case, names, words):
    sentence = _("%(name)s was called.") if activity.data["state"] == "CALLED" else _("%(name)s is on it.")
    return sentence % {"name": activity.data["name"]}


def _changed(before, after, *, first, later):
    after_name = in_language(after.name) if after else ""
    return later % {"before": in_language(before.name), "after": after_name} if before else first % {"after": after_name}


def _owner(activity, case, names, words):
    owner = names.get(activity.data.get("to"))
    return _("Case owner: %(name)s") % {"name": owner} if owner else _("The case has no owner at the moment.")


def _scope(activity, case, names, words):
    return _("Scope of the problem: %(scope)s") % {"scope": Case.Scope(activity.data["scope"]).label}


def _impact(activity, case, names, words):
    if activity.data.get("significant_impact"):
        return _("The business impact was marked as significant.")
    return _("The business impact was marked as not significant.")


def _restored(activity, case, names, words):
    return _("Service restored: %(when)s") % {"when": moment_text(activity.occurred_at)}


def _promise(activity, case, names, words):
    return _("Next update promised by %(when)s") % {"when": moment_text(datetime.fromisoformat(activity.data["promised_at"]))}


def _expectation(activity, case, names, words):
    when = moment_text(datetime.fromisoformat(activity.data["expected_at"]))
    return _("We now expect to resolve the case by %(when)s.") % {"when": when}


def _plan(activity, case, names, words):
    plans = {plan.code: plan for plan in rules_of(case.policy_version).plans}
    return _changed(
        *(plans.get(activity.data[side]) for side in ("from", "to")),
        first=_("Support plan: “%(after)s”. Targets that are not met yet are counted anew."),
        later=_("Support plan changed from “%(before)s” to “%(after)s”. Targets that are not met yet are counted anew."),
    )


def _breached(activity, case, names, words):
    return _("Target missed: %(clock)s") % {"clock": CLOCK_NAMES[activity.data["clock"]]}


def _breach_withdrawn(activity, case, names, words):
    return _("Missed target withdrawn: %(clock)s") % {"clock": CLOCK_NAMES[activity.data["clock"]]}


def _third_party(activity, case, names, words):
    return _("We are waiting for %(name)s.") % {"name": words} if words else _("We are waiting for a third party.")


def _follow_up(activity, case, names, words):
    if activity.data["original"]:
        return _("Follow-up case %(number)s was opened.") % {"number": activity.data["number"]}
    return _("This case follows case %(number)s.") % {"number": activity.data["number"]}


def _proposed(activity, case, names, words):
    if number := activity.data.get("incident"):
        return _("Resolution proposed with the summary of incident %(number)s") % {"number": number}
    return activity.get_kind_display()


def _incident_summary(activity, case, names, words):
    return _("Summary of incident %(number)s") % {"number": activity.data["incident"]}


def _document(activity, case, names, words):
    if number := activity.data.get("incident"):
        return _("Preliminary RCA: the summary of incident %(number)s, which follows.") % {"number": number}
    if number := activity.data.get("document"):
        return _("Root cause analysis (RCA) %(number)s, version %(version)s") % {
            "number": number,
            "version": activity.data["version"],
        }
    return str(DOCUMENTS[activity.data["kind"]])


def _meeting_asked(activity, case, names, words):
    times = [moment_text(datetime.fromisoformat(at)) for at in activity.data["proposed"]]
    return _("Follow-up discussion requested; proposed times: %(times)s") % {"times": "; ".join(times)}


def _meeting_arranged(activity, case, names, words):
    data = activity.data
    told = {"when": moment_text(datetime.fromisoformat(data["meets_at"])), "minutes": data["minutes"]}
    return _("Follow-up discussion arranged: %(when)s, %(minutes)s minutes") % told


def _request_declined(activity, case, names, words):
    if activity.data["kind"] == "MEETING":
        return _("The follow-up discussion was declined.")
    return _("The request for an RCA was declined.")


def _file_refused(activity, case, names, words):
    if words:
        return _("Malware was found in the file “%(name)s”. The file was deleted.") % {"name": words}
    return _("Malware was found in a file. The file was deleted.")


def _escalation_asked(activity, case, names, words):
    data = activity.data
    level = {"level": level_name(case, data["level"])}
    if data.get("automatic"):
        cause = {**level, "clock": CLOCK_NAMES[data["cause"]]}
        return _("Escalated automatically to the level “%(level)s” after a missed target: %(clock)s") % cause
    if data["kind"] == "RCA":
        return _("RCA escalation requested at the level “%(level)s”.") % level
    return _("Escalation requested at the level “%(level)s”.") % level


def level_name(case, code, language=None):
    """The name of a level of escalation in the case's policy, in this language (default: the reader's)."""
    levels = rules_of(case.policy_version).escalation.levels
    return next((in_language(level.name, language) for level in levels if level.code == code), code)


def _escalation_update(activity, case, names, words):
    when = moment_text(datetime.fromisoformat(activity.data["promised_at"]))
    told = {"name": names.get(activity.data["owner"], ""), "when": when}
    return _("Escalation owner: %(name)s. Next update promised by %(when)s.") % told


def _escalation_answered(activity, case, names, words):
    if activity.data["is_satisfied"]:
        return _("The result of the escalation is enough.")
    return _("The result of the escalation is not enough.")


TOLD_FROM_DATA = {
    Kind.SEVERITY: _severity,
    Kind.PRIORITY: _priority,
    Kind.PRIORITY_ASKED: _priority_asked,
    Kind.ON_CALL: _on_call,
    Kind.OWNER: _owner,
    Kind.SCOPE: _scope,
    Kind.IMPACT: _impact,
    Kind.RESTORED: _restored,
    Kind.PROMISE: _promise,
    Kind.EXPECTATION: _expectation,
    Kind.PLAN: _plan,
    Kind.AWAITING_THIRD_PARTY: _third_party,
    Kind.FILE_REFUSED: _file_refused,
    Kind.BREACHED: _breached,
    Kind.BREACH_WITHDRAWN: _breach_withdrawn,
    Kind.FOLLOW_UP: _follow_up,
    Kind.RCA_DELIVERED: _document,
    Kind.MEETING_ASKED: _meeting_asked,
    Kind.MEETING_ARRANGED: _meeting_arranged,
    Kind.REQUEST_DECLINED: _request_declined,
    Kind.ESCALATION_ASKED: _escalation_asked,
    Kind.ESCALATION_UPDATE: _escalation_update,
    Kind.ESCALATION_ANSWERED: _escalation_answered,
    Kind.PROPOSED: _proposed,
    Kind.INCIDENT_SUMMARY: _incident_summary,
    Kind.INCIDENT_LINKED: incident_words.linked,
    Kind.INCIDENT_UNLINKED: incident_words.unlinked,
    Kind.INCIDENT_UPDATE: incident_words.update,
}
SENTENCES = {
    Kind.ACKNOWLEDGED: gettext_lazy("We confirmed by mail that we received the case. This is automatic and not our response."),
    Kind.AWAITING_CUSTOMER: gettext_lazy("We are waiting for your reply."),
    Kind.THIRD_PARTY_REPLIED: gettext_lazy("The third party has answered."),
    Kind.RESUMED: gettext_lazy("We are working on the case again."),
    Kind.ANSWER_NOT_ADEQUATE: gettext_lazy("The answer does not hold what we need yet. We are still waiting for your reply."),
    Kind.KEEP_OPEN: gettext_lazy("The case is kept open: the time until it is closed starts again."),
    Kind.VERSION: gettext_lazy(
        "The current terms of the support policy count for the case now. What was met or missed stays as it was."
    ),
    Kind.ESCALATION_ACCEPTED: gettext_lazy("The escalation was accepted."),
    Kind.ESCALATION_DECLINED: gettext_lazy("The escalation was declined."),
    Kind.ESCALATION_RESOLVED: gettext_lazy("The escalation is resolved."),
    Kind.ESCALATION_WITHDRAWN: gettext_lazy("The automatic escalation was withdrawn: the target was not missed."),
    Kind.REDACTED: gettext_lazy("A text was removed from the case."),
    Kind.PRIORITY_DECLINED: gettext_lazy("The priority stays as it is."),
    Kind.SEVERITY_UPHELD: gettext_lazy("The severity stays as it is."),
}
