"""A policy's codes in words, and its targets as rows of a table: for the customers' page (C18) and the admin alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from sla import policy_rules
from sla.clock_words import NAMES
from sla.policy_rules import Duration, Measure, PolicyRules, Target, Text
from sla.texts import in_language

CHANNELS = {
    "PORTAL": gettext_lazy("Portal"),
    "PHONE": gettext_lazy("Phone"),
    "CHAT": gettext_lazy("Chat"),
    "EMAIL": gettext_lazy("Email"),
    "WEB_FORM": gettext_lazy("Web form"),
    "MOBILE_APP": gettext_lazy("Mobile app"),
    "SOCIAL": gettext_lazy("Social media"),
}
SCOPES = {
    policy_rules.UNKNOWN: gettext_lazy("Not decided yet"),
    policy_rules.ISOLATED: gettext_lazy("Isolated (non-platform) incident"),
    policy_rules.PLATFORM: gettext_lazy("Platform-level issue"),
    policy_rules.THIRD_PARTY: gettext_lazy("Third-party issue"),
}
PAUSES = {"customer": gettext_lazy("Awaiting customer"), "third_party": gettext_lazy("Awaiting third party")}
PORTAL_RULES = {
    policy_rules.TAKEN: gettext_lazy("Can be reported in the portal."),
    policy_rules.TAKEN_WITH_PHONE: gettext_lazy(
        "Can be reported in the portal; somebody must be reachable by phone at any time."
    ),
    policy_rules.PHONE_ONLY: gettext_lazy("Critical cases must be reported by phone."),
}
TOPICS = {
    "SEVERITY": gettext_lazy("Severity"),
    "PRIORITY": gettext_lazy("Priority"),
    "HOURS": gettext_lazy("Business hours"),
    "TARGETS": gettext_lazy("Targets"),
    "PAUSES": gettext_lazy("Pauses"),
    "CLOSING": gettext_lazy("Closing and reopening"),
    "ESCALATION": gettext_lazy("Escalation"),
    "CONTACTS": gettext_lazy("Contacts"),
    "CHANNELS": gettext_lazy("Ways to reach us"),
    "PHONES": gettext_lazy("Phone numbers"),
    "RCA": gettext_lazy("Root cause analysis (RCA)"),
    "INTAKE": gettext_lazy("Opening a case"),
    "ENTITLEMENT": gettext_lazy("Entitlement"),
}
CASE_TYPES = {"QUESTION": gettext_lazy("Question"), "REQUEST": gettext_lazy("Request"), "PROBLEM": gettext_lazy("Problem")}
LANGUAGES = {
    "en": pgettext_lazy("language", "English"),
    "fr": pgettext_lazy("language", "French"),
    "ja": pgettext_lazy("language", "Japanese"),
    "ru": pgettext_lazy("language", "Russian"),
    "de": pgettext_lazy("language", "German"),
    "es": pgettext_lazy("language", "Spanish"),
    "pt-BR": pgettext_lazy("language", "Brazilian Portuguese"),
}


def duration_words(duration: Duration) -> str:
    """ "2 business days", "10 minutes", "closing time, 3 business days later" in the active language."""
    count = duration.amount
    words = {
        policy_rules.MINUTES: lambda: ngettext("%(count)s minute", "%(count)s minutes", count),
        policy_rules.HOURS: lambda: ngettext("%(count)s hour", "%(count)s hours", count),
        policy_rules.BUSINESS_MINUTES: lambda: ngettext("%(count)s business minute", "%(count)s business minutes", count),
        policy_rules.BUSINESS_HOURS: lambda: ngettext("%(count)s business hour", "%(count)s business hours", count),
        policy_rules.BUSINESS_DAYS: lambda: ngettext("%(count)s business day", "%(count)s business days", count),
        policy_rules.END_OF_BUSINESS_DAY: lambda: ngettext(
            "closing time, %(count)s business day later", "closing time, %(count)s business days later", count
        ),
    }
    return words[duration.unit]() % {"count": count}


def language_words(code: str) -> str:
    """A language's name in the active language; a code that is not known stays as it is."""
    return str(LANGUAGES.get(code, code))


def languages_words(codes: Iterable[str]) -> str:
    """Several languages' names in the active language, divided as no language has to divide them."""
    return " · ".join(language_words(code) for code in codes)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One promise of a table: to whom it applies, how long, and why not."""

    target: Target
    applies_to: tuple[str, ...]
    within: str
    pauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetTable:
    """The promises of one kind, in the order in which they are tried."""

    name: str
    measure: Measure | None
    rows: tuple[TargetRow, ...]


def target_tables(rules: PolicyRules) -> list[TargetTable]:
    """A policy's targets by kind; kinds that are measured without a target come along, without rows."""
    measures = {measure.kind: measure for measure in rules.measures}
    kinds = [kind for kind in policy_rules.KINDS if kind in measures or any(target.kind == kind for target in rules.targets)]
    return [
        TargetTable(
            str(NAMES[kind]), measures.get(kind), tuple(_row(target, rules) for target in rules.targets if target.kind == kind)
        )
        for kind in kinds
    ]


def _row(target, rules):
    return TargetRow(
        target,
        tuple(_conditions(target, rules)),
        duration_words(target.duration) if target.duration else pgettext("sla", "No target"),
        tuple(str(PAUSES[cause]) for cause in target.pauses),
    )


def _conditions(target, rules) -> Iterator[str]:
    plans = {plan.code: plan.name for plan in rules.plans}
    yield from (in_language(rules.severity(rank).name) for rank in target.severities)
    yield from (_("Support plan: %(name)s") % {"name": in_language(plans[code])} for code in target.plans)
    yield from (str(CHANNELS[code]) for code in target.channels)
    yield from (str(SCOPES[code]) for code in target.scopes)


def all_texts(value: object) -> Iterator[Text]:
    """Every text of a policy, to find out in which languages it is complete."""
    if is_dataclass(value):
        for field in fields(value):
            yield from all_texts(getattr(value, field.name))
    elif isinstance(value, dict) and "en" in value:
        yield value
    elif isinstance(value, (tuple, dict)):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from all_texts(entry)
