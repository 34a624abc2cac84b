"""Secrets in text are masked before anything is stored: keys, tokens, passwords in four languages, private keys, cards.

SPEC section 2, SAFETY 7; guide 004 (only the first and last few characters of a key). Pure; time grows with the length
of the text and no faster, for each pattern starts at a fixed word or digit and is bounded. `mask` is idempotent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from cases.secret_words import (
    KEY_NAME,
    LONGEST_NAME,
    NAME_ENDS,
    ORDINARY,
    PASSWORD_NAME,
    PLACEHOLDER,
    TOKEN_NAME,
)

MARK = "•"
MARKS = 8
KEPT = 4
LEAST_LENGTH_TO_SHOW_ENDS = 20
PRIVATE_KEY_MAX_LENGTH = 20_000
PATIENCE = 5
MOST_ROUNDS = 5  # what one round uncovers (two secrets grown together) the next one takes


class SecretKind(StrEnum):
    """What was masked, for the sentence that tells the customer."""

    PRIVATE_KEY = "private_key"
    API_KEY = "api_key"
    TOKEN = "token"
    PASSWORD = "password"
    CARD_NUMBER = "card_number"


@dataclass(frozen=True)
class Masked:
    """The text as it may be stored, and the kinds of secret taken out of it (each once, in the order of the enum)."""

    text: str
    kinds: tuple[SecretKind, ...]


@dataclass(frozen=True)
class Secret:
    """One secret in a text: `text[start:end]`."""

    start: int
    end: int
    kind: SecretKind


def mask(text: str, mark: str = MARK) -> Masked:
    """The text with its secrets masked. Of a key its first and last few characters stay, of a password nothing.

    `mark` is the character put in place of what is hidden (files use `*`, which every encoding has).
    UUIDs, case numbers, conversation IDs, addresses of pages and ordinary prose are left alone.
    """
    kinds: set[SecretKind] = set()
    for _ in range(MOST_ROUNDS):
        secrets = [secret for secret in find_secrets(text) if mark * MARKS not in text[secret.start : secret.end]]
        if not secrets:
            break
        kinds.update(secret.kind for secret in secrets)
        text = _without(text, secrets, mark)
    return Masked(text, tuple(kind for kind in SecretKind if kind in kinds))


def find_secrets(text: str) -> list[Secret]:
    """Every secret in the text, in order and without overlaps (of two that overlap, one that covers both)."""
    lowered = text.replace("İ", "I").lower()  # the one letter whose lower case is longer
    found = [
        *_private_keys(text),
        *_known_keys(text),
        *_credentials(lowered, text),
        *_named(lowered, text),
        *_cards(text),
    ]
    merged: list[Secret] = []
    for secret in sorted(found, key=lambda secret: secret.start):
        if merged and secret.start < merged[-1].end:
            merged[-1] = Secret(merged[-1].start, max(merged[-1].end, secret.end), merged[-1].kind)
        else:
            merged.append(secret)
    return merged


def _without(text: str, secrets: list[Secret], mark: str) -> str:
    parts, position = [], 0
    for secret in secrets:
        parts += [text[position : secret.start], _hidden(text[secret.start : secret.end], secret.kind, mark)]
        position = secret.end
    return "".join([*parts, text[position:]])


def _hidden(secret: str, kind: SecretKind, mark: str) -> str:
    if kind is SecretKind.PRIVATE_KEY:
        return f"[PRIVATE KEY {mark * MARKS}]"
    if kind is SecretKind.CARD_NUMBER:
        return mark * MARKS + secret[-KEPT:]
    if kind is SecretKind.PASSWORD or len(secret) < LEAST_LENGTH_TO_SHOW_ENDS:
        return mark * MARKS
    return secret[:KEPT] + mark * MARKS + secret[-KEPT:]


# --- private keys ---

PRIVATE_KEY_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----")
PRIVATE_KEY_BODY = re.compile(r"(?:[A-Z][A-Za-z-]{2,20}: [^\n]{0,80}\n|[A-Za-z0-9+/=\s\\])*")
PRIVATE_KEY_LINES = re.compile(r"(?:\s*(?:[A-Z][A-Za-z-]{2,20}: [^\n]{0,80}\n|[A-Za-z0-9+/]{16,}={0,2}))*")
PRIVATE_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----")


def _private_keys(text: str) -> Iterator[Secret]:
    """Whole PEM blocks. Of one whose end is missing all lines that look like one: half a key is a key too."""
    position = 0
    while begin := PRIVATE_KEY_BEGIN.search(text, position):
        position = _private_key_end(text, begin.end())
        yield Secret(begin.start(), position, SecretKind.PRIVATE_KEY)


def _private_key_end(text: str, start: int) -> int:
    furthest = start + PRIVATE_KEY_MAX_LENGTH
    end = PRIVATE_KEY_END.match(text, PRIVATE_KEY_BODY.match(text, start, furthest).end())
    return (end or PRIVATE_KEY_LINES.match(text, start, furthest)).end()


# --- keys with a form of their own ---

KNOWN_KEYS = [
    ("sk-", r"[A-Za-z0-9_-]{16,300}", SecretKind.API_KEY),
    *[(start, r"[A-Za-z0-9]{12,300}", SecretKind.API_KEY) for start in ("sk_live_", "sk_test_", "rk_live_", "rk_test_")],
    ("whsec_", r"[A-Za-z0-9+/=]{16,300}", SecretKind.API_KEY),
    *[(start, r"[A-Z0-9]{16}(?![A-Za-z0-9])", SecretKind.API_KEY) for start in ("AKIA", "ASIA", "AROA", "AIDA")],
    *[(start, r"[A-Za-z0-9]{20,300}", SecretKind.API_KEY) for start in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")],
    ("github_pat_", r"\w{20,300}", SecretKind.API_KEY),
    ("glpat-", r"[\w-]{16,100}", SecretKind.API_KEY),
    ("npm_", r"[A-Za-z0-9]{30,60}", SecretKind.API_KEY),
    ("pypi-", r"[\w-]{16,300}", SecretKind.API_KEY),
    ("hf_", r"[A-Za-z0-9]{30,60}", SecretKind.API_KEY),
    ("AIza", r"[\w-]{30,60}", SecretKind.API_KEY),
    ("SG.", r"[\w-]{16,40}\.[\w-]{16,80}", SecretKind.API_KEY),
    ("ya29.", r"[\w-]{20,2000}", SecretKind.TOKEN),
    ("xox", r"[abeoprs]-[A-Za-z0-9-]{8,300}", SecretKind.TOKEN),
    ("xapp-", r"[A-Za-z0-9-]{8,300}", SecretKind.TOKEN),
    ("EAA", r"[A-Za-z0-9]{40,400}", SecretKind.TOKEN),
    ("eyJ", r"[\w-]{5,8000}\.[\w-]{2,16000}(?:\.[\w-]{0,8000}){0,3}", SecretKind.TOKEN),
]
KNOWN_KEY_PATTERNS = [
    (start, re.compile(rf"{re.escape(start)}(?<![A-Za-z0-9]{re.escape(start)}){rest}"), kind) for start, rest, kind in KNOWN_KEYS
]


def _known_keys(text: str) -> Iterator[Secret]:
    for start, pattern, kind in KNOWN_KEY_PATTERNS:
        if start in text:
            yield from (Secret(*match.span(), kind) for match in pattern.finditer(text))


# --- what a secret named in the text looks like ---

SPACE = r"[ \t\u00a0\u202f\u3000]{0,3}"
# Between a name and its value: `=`, `: `, `":"`, `\":\"`, `=>`, `：`; a HAR header or form field; an XML element.
GAP = (
    rf"(?:(?:[ \u00a0](?:is|was|est)|は)?\\?[\"'`’”»」]?{SPACE}(?:=>|:=|[:=：＝]){SPACE}(?:\r?\n[ \t]{{0,8}})?"
    r"|\\?[\"'],?\s{0,40}\\?[\"']?value\\?[\"']?[ \t]?[:=][ \t]?|>(?![<\s]))"
    r"(?:(?:bearer|basic|token|digest|api[-_]?key|key)[ \t]{1,3})?"
)
SAID = (
    r"(?:は ?|[ \u00a0](?:is|was|est|était|[-–—])[ \u00a0]{1,2}"
    rf"|[ \u00a0](?:[\w.@()'’-]{{1,30}}[ \u00a0]?){{1,4}}[:=：]{SPACE}|[ \u00a0])"
)
BARE = r"((?:[^\s\"'`“”«»「」、。，<&\\,;]++|['`](?=\w)|[,;](?!\s|$|[\w ]{1,30}=)|\\(?![\"'nrt])){1,4000}+)"
VALUE = (
    r"(?:\\[\"']([^\"'\\\n]{1,4000})|\"((?:\\.|[^\"\\\n]){1,4000})|'((?:\\.|[^'\\\n]){1,4000})|`([^`\n]{1,4000})"
    rf"|[“«「]([^”»」\n]{{1,4000}})|<([^>\n]{{1,300}})>|{BARE})"
)
ASSIGNED_VALUE = re.compile(GAP + VALUE)
SAID_VALUE = re.compile(SAID + VALUE)
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
HAS_ASCII = re.compile(r"[!-~]")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def _looks_random(value: str) -> bool:
    """A digit, a mark inside, or both cases mixed: what secrets have and prose seldom has."""
    return bool(re.search(r"\d|[!@#$%^&*+=~?/]\w|[a-zа-яё][A-ZА-ЯЁ]", value))


def _is_prose(value: str) -> bool:
    """A placeholder, or a value of which at least half the words are ordinary ones (“This field is required.”)."""
    words = [word.strip(".,:;!?()[]{}…。'\"").lower() for word in value.split()]
    ordinary = sum(not word or word in ORDINARY for word in words)
    return 2 * ordinary >= len(words) or bool(PLACEHOLDER.fullmatch(value.strip()))


def _is_password(value: str, before: str) -> bool:
    if _is_prose(value) or (JAPANESE.search(value) and not HAS_ASCII.search(value)):
        return False
    return _looks_random(value) if "\n" in before else True


def _is_said(value: str, before: str) -> bool:
    """`the password is hunter2`, `password hunter2`: only what can be nothing else, for the words are also prose."""
    inside = value.rstrip(".,;:?)")
    has_both = re.search(r"[^\W\d]", inside) and re.search(r"\d|[@#$%^&*+=~!]", inside)
    return len(inside) >= 5 and bool(has_both) and not _is_prose(value)


def _is_key(value: str, before: str) -> bool:
    if len(value) < 6 or not value.isascii() or " " in value or _is_prose(value):
        return False
    return before[-1] in "=\"'`" or _looks_random(value) or (len(value) >= 20 and value.isalnum())


def _is_token(value: str, before: str) -> bool:
    if len(value) < 8 or not value.isascii() or re.search(r" |://", value) or UUID.fullmatch(value) or _is_prose(value):
        return False
    return _looks_random(value) or len(value) >= 24


@dataclass(frozen=True)
class Name:
    """A kind of secret by the names people give it, and whether a value is one (its text, the text before it)."""

    kind: SecretKind
    pattern: re.Pattern[str]
    is_secret: Callable[[str, str], bool]


NAMES = (
    Name(SecretKind.API_KEY, KEY_NAME, _is_key),
    Name(SecretKind.PASSWORD, PASSWORD_NAME, _is_password),
    Name(SecretKind.TOKEN, TOKEN_NAME, _is_token),
)


def _named(lowered: str, text: str) -> Iterator[Secret]:
    """Values that follow the name of a secret: `api_key=…`, `mot de passe : …`, `パスワードは…`.

    A name inside a secret found is passed over. One inside a value that is no secret is looked at, until so much was
    read again that only a hostile text explains it.
    """
    taken, patience = 0, PATIENCE * len(text) + 1_000_000
    for end_of_name in NAME_ENDS.finditer(lowered):
        if end_of_name.start() < taken:
            continue
        read_to, secret = _secret_after(end_of_name, lowered, text)
        patience -= read_to - end_of_name.end()
        if secret:
            yield secret
        if secret or patience < 0:
            taken = read_to


def _secret_after(end_of_name: re.Match[str], lowered: str, text: str) -> tuple[int, Secret | None]:
    """How far the text was read for a value, and the secret found there."""
    after = end_of_name.end()
    value = ASSIGNED_VALUE.match(lowered, after)
    said = not value and lowered[after : after + 1] in (" ", "\u00a0", "は")
    name = _name_at(lowered, end_of_name) if value or said else None
    if name and said and name.kind is not SecretKind.TOKEN:
        value = SAID_VALUE.match(lowered, after)
    if not value:
        return after, None
    start, end = value.span(value.lastindex)
    is_secret = name and (_is_said if said else name.is_secret)(text[start:end], text[after:start])
    return end, Secret(start, end, name.kind) if is_secret else None


def _name_at(lowered: str, end_of_name: re.Match[str]) -> Name | None:
    """The kind of secret whose name ends here; none for a closing XML element."""
    first = max(0, end_of_name.start() - LONGEST_NAME)
    for name in NAMES:
        match = name.pattern.search(lowered, first, end_of_name.end())
        if match and lowered[match.start() - 1 : match.start()] != "/":
            return name
    return None


# --- what an address, a header or a command carries ---

CREDENTIALS = [
    ("://", SecretKind.PASSWORD, r"://[^\s/:@\"'<>]{0,100}:([^\s/@\"'<>]{1,200})(?=@)"),
    ("bearer", SecretKind.TOKEN, r"bearer[ \t]{1,3}([a-z0-9._~+/=-]{8,8000})"),
    ("basic", SecretKind.PASSWORD, r"basic(?<![a-z]basic)[ \t]{1,3}([a-z0-9+/]{8,2000}={0,2})"),
    ("cookie:", SecretKind.PASSWORD, r"cookie:(?:(?<=^cookie:)|(?<=^set-cookie:))[ \t]?(\S{1,200}=[^\r\n]{1,8000})"),
    ("--", SecretKind.PASSWORD, rf"--(?:pass(?:word|wd)?|token|[a-z]{{0,10}}-?secret|api-?key) {BARE}"),
    ("curl", SecretKind.PASSWORD, rf"curl [^\n]{{0,300}}?(?<!\S)(?:-u|--user) ?[^\s:]{{1,100}}:{BARE}"),
]
CREDENTIAL_PATTERNS = [(hint, kind, re.compile(pattern, re.MULTILINE)) for hint, kind, pattern in CREDENTIALS]


def _credentials(lowered: str, text: str) -> Iterator[Secret]:
    for hint, kind, pattern in CREDENTIAL_PATTERNS:
        if hint in lowered:
            for match in pattern.finditer(lowered):
                start, end = match.span(1)
                if hint not in ("bearer", "basic") or _looks_random(text[start:end]) or end - start >= 32:
                    yield Secret(start, end, kind)


# --- cards ---

CARD = re.compile(
    r"\d(?<![\w+•*.-]\d)(?:\d{12,18}|\d{3}([ .\u00a0-])\d{4}\1\d{4}\1\d{4}|\d{3}[ -]\d{6}[ -]\d{5})(?![\w•*]|[-.]\d)"
)
CARD_SHAPES = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720))\d{12}|3[47]\d{13}|"
    r"(?:6011|65\d\d|64[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|62\d{14,17}|220[0-4]\d{12,15}"
)


def _cards(text: str) -> Iterator[Secret]:
    for match in CARD.finditer(text):
        if _is_card(match[0]):
            yield Secret(*match.span(), SecretKind.CARD_NUMBER)


def _is_card(number: str) -> bool:
    """Whether it has the length and first digits of a card company, and Luhn's sum."""
    digits = [int(char) for char in number if char.isdecimal()]
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0 and bool(CARD_SHAPES.fullmatch("".join(map(str, digits))))
