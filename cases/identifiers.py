"""The three identifiers a customer gives with a case: organization short name, organization ID, conversation IDs.

SPEC section 2. Pure: text in, canonical text or a `Problem` out. Every function is linear in a text whose length is
capped first, so a megabyte costs no more than a line.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from cases.problem import Problem

SHORT_NAME_MAX_LENGTH = 100
UUID_TEXT_MAX_LENGTH = 200
CONVERSATIONS_TEXT_MAX_LENGTH = 20_000
CONVERSATIONS_MAX_COUNT = 50
PROBLEMS_MAX_COUNT = 10
SHOWN_MAX_LENGTH = 60

NIL = str(uuid.UUID(int=0))
SHORT_NAME = re.compile(r"[a-z0-9-]*[a-z0-9][a-z0-9-]*")
DASHED_UUID = re.compile(r"(?<![0-9a-z-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z-])")
BARE_UUID = re.compile(r"[0-9a-f]{32}")
CONVERSATION_IN_LINK = re.compile(r"(?:(?:interaction|conversation)(?:s|id)?)[/=](" + DASHED_UUID.pattern + ")")
SEPARATORS = re.compile(r"[\s,;、]+")
AROUND = "{}<>()[]\"'`“”«»「」『』.:…"
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc"), "-")
LATIN_LOOKALIKES = frozenset("асеорхуіјѕԁһӏԛԝαεορνυγικ")


@dataclass(frozen=True)
class ConversationIds:
    """What was found in the conversation field: canonical IDs in their order, and one `Problem` for each bad piece."""

    ids: tuple[str, ...]
    problems: tuple[Problem, ...]


def clean_short_name(text: str) -> str:
    """The organization short name as stored: trimmed, full-width letters narrowed, lower case.

    Raises `Problem`: `empty`, `too_long`, `lookalike_letters` (letters of another alphabet), `short_name_characters`.
    """
    name = _plain(text, SHORT_NAME_MAX_LENGTH)
    if not SHORT_NAME.fullmatch(name):
        _refuse_lookalikes(name)
        raise Problem("short_name_characters", characters=_others(name, "abcdefghijklmnopqrstuvwxyz0123456789-"))
    return name


def clean_organization_id(text: str) -> str:
    """The organization ID as a canonical UUID (lower case, dashes).

    Braces, `urn:uuid:`, upper case, surrounding space and a form without dashes are accepted.
    Raises `Problem`: `empty`, `too_long`, `lookalike_letters`, `uuid_characters`, `uuid_length`, `uuid_form` (dashes
    in the wrong places), `uuid_nil`.
    """
    return _canonical_uuid(_plain(text, UUID_TEXT_MAX_LENGTH))


def find_conversation_ids(text: str, organization_ids: Collection[str] = ()) -> ConversationIds:
    """Every conversation ID in a text: bare ones and those inside pasted interaction links, each once.

    `organization_ids` are the canonical IDs of the reader's organizations: one pasted here is refused by its own code.
    Problems: `too_long`, `too_many`, `organization_id_here`, `link_without_id`, `link_with_several_ids`, and those of
    `clean_organization_id`; each names the piece of text in `value`. Never raises.
    """
    found: dict[str, None] = {}
    problems: list[Problem] = []
    try:
        for piece in _pieces(text):
            _take_piece(piece, frozenset(organization_ids), found, problems)
            if len(problems) >= PROBLEMS_MAX_COUNT:
                break
    except Problem as problem:
        problems.append(problem)
    if len(found) > CONVERSATIONS_MAX_COUNT:
        problems.append(Problem("too_many", count=len(found), max=CONVERSATIONS_MAX_COUNT))
    return ConversationIds(tuple(found), tuple(problems))


def _take_piece(piece: str, organization_ids: frozenset[str], found: dict[str, None], problems: list[Problem]) -> None:
    try:
        wrapped = "/" in piece or DASHED_UUID.search(piece)
        identifier = _from_link(piece, organization_ids) if wrapped else _canonical_uuid(piece)
        if identifier in organization_ids:
            raise Problem("organization_id_here")
        found[identifier] = None
    except Problem as problem:
        problems.append(Problem(problem.code, **problem.params, value=piece[:SHOWN_MAX_LENGTH]))


def _from_link(link: str, organization_ids: frozenset[str]) -> str:
    """The one conversation ID of a link: what follows `interactions/` or its like, else the only UUID there is."""
    link = unquote(link).lower()
    candidates = set(CONVERSATION_IN_LINK.findall(link)) or set(DASHED_UUID.findall(link))
    if len(candidates) > 1:
        candidates -= organization_ids
    if not candidates:
        raise Problem("link_without_id")
    if len(candidates) > 1:
        raise Problem("link_with_several_ids", count=len(candidates))
    return _canonical_uuid(candidates.pop())


def _pieces(text: str) -> Iterator[str]:
    try:
        plain = _plain(text, CONVERSATIONS_TEXT_MAX_LENGTH)
    except Problem as problem:
        if problem.code == "empty":
            return
        raise
    for piece in SEPARATORS.split(plain):
        if stripped := piece.strip(AROUND):
            yield stripped


def _canonical_uuid(text: str) -> str:
    text = text.strip(AROUND).removeprefix("urn:uuid:").strip(AROUND)
    if not (DASHED_UUID.fullmatch(text) or BARE_UUID.fullmatch(text)):
        _explain_uuid(text)
    canonical = str(uuid.UUID(text))
    if canonical == NIL:
        raise Problem("uuid_nil")
    return canonical


def _explain_uuid(text: str) -> None:
    """Raise what is wrong with a text that is no UUID: its letters, its number of digits, or its dashes."""
    _refuse_lookalikes(text)
    if others := _others(text, "0123456789abcdef-"):
        raise Problem("uuid_characters", characters=others)
    count = len(text.replace("-", ""))
    if count != 32:
        raise Problem("uuid_length", count=count)
    raise Problem("uuid_form")


def _plain(text: str, max_length: int) -> str:
    """Trimmed, compatibility forms narrowed (NFKC), invisible characters out, dashes made plain, lower case."""
    if len(text) > max_length:
        raise Problem("too_long", max=max_length, length=len(text))
    text = unicodedata.normalize("NFKC", text).translate(DASHES)
    text = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    text = text.strip().lower()
    if not text:
        raise Problem("empty")
    return text


def _refuse_lookalikes(text: str) -> None:
    if strange := [char for char in dict.fromkeys(text) if char in LATIN_LOOKALIKES]:
        raise Problem("lookalike_letters", characters=" ".join(strange[:8]))


def _others(text: str, allowed: str) -> str:
    """The characters of `text` outside `allowed`, each once, a space made visible: the sentence shows them."""
    others = [char for char in dict.fromkeys(text) if char not in allowed]
    return " ".join("␣" if char.isspace() else char for char in others[:8])
