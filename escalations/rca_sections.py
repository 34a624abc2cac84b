"""What an RCA consists of, and what is still missing in one (SPEC 8). Pure.

Texts are kept by section and language: `{"SUMMARY": {"en": "…", "fr": "…"}}`; the timeline as `[{"at", "state", "words": {"en": "…"}}]`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SUMMARY, IMPACT, ROOT_CAUSE, RESTORATION = "SUMMARY", "IMPACT", "ROOT_CAUSE", "RESTORATION"
SECTIONS = {
    SUMMARY: _("Summary"),
    IMPACT: _("Impact"),
    ROOT_CAUSE: _("Root cause"),
    RESTORATION: _("Restoration actions"),
}
TIMELINE = _("Timeline")
ACTIONS = _("Corrective and preventive actions")
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of a document that is not complete. `number`: of the row, where the part is a table; `languages`: those without a text;
    `facts`: what else an action lacks."""

    part: str | Promise
    languages: tuple[str, ...] = ()
    number: int | None = None
    facts: tuple[str | Promise, ...] = ()


def missing_parts(sections, timeline, actions) -> list[Missing]:
    """What has to be written before the document can go to review: each section, each row of the timeline and each action in every language,
    and for each action an owner and a due date. `actions`: rows with `words`, `owner_id`, `due_on`."""
    missing = [Missing(name, untranslated(sections.get(code, {}))) for code, name in SECTIONS.items()]
    missing += [Missing(TIMELINE, untranslated(row["words"]), number) for number, row in enumerate(timeline, 1)]
    missing += [Missing(ACTIONS, untranslated(action.words), number, _facts(action)) for number, action in enumerate(actions, 1)]
    return [one for one in missing if one.languages or one.facts]


def untranslated(words) -> tuple[str, ...]:
    """The languages in which there is no text."""
    return tuple(language for language in LANGUAGES if not words.get(language, "").strip())


def _facts(action):
    has = {_("owner"): action.owner_id, _("due date"): action.due_on}
    return tuple(name for name, value in has.items() if not value)


def drafted_timeline(updates) -> list[dict]:
    """The first draft of the timeline: what the public was told, when. `updates`: rows with `published_at`, `state`, `words`."""
    return [{"at": update.published_at.isoformat(), "state": update.state, "words": dict(update.words)} for update in updates]


def in_order(timeline) -> list[dict]:
    """The rows by their moments."""
    return sorted(timeline, key=lambda row: datetime.fromisoformat(row["at"]))


def copied_words(texts) -> dict[str, str]:
    """A text for each language that has one."""
    return {language: text for language in LANGUAGES if (text := texts.get(language, "").strip())}
