"""Table tests of the three identifiers: what is taken, what is refused and why, and that hostile text costs nothing."""

import time

import pytest

from cases.identifiers import ConversationIds, clean_organization_id, clean_short_name, find_conversation_ids
from cases.problem import Problem

ONE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
TWO = "8e3b1c52-77aa-4c1e-a1b2-9f00d1c2e3f4"
ORG = "b1946ac9-2492-4d23-b5a4-1c2d3e4f5a6b"
LINK = f"https://apps.mypurecloud.com/directory/#/engage/admin/interactions/{ONE}"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("acme", "acme"),
        ("  Acme-EU \n", "acme-eu"),
        ("ACME", "acme"),
        ("ａｃｍｅ－ｅｕ１", "acme-eu1"),
        ("acmeーeu", "acme-eu"),
        ("\u200bac\u00adme\ufeff", "acme"),
        ("acme\x00", "acme"),
        ("acme\u2013eu", "acme-eu"),
        ("\u3000acme\u00a0", "acme"),
        ("42", "42"),
    ],
)
def test_short_name_is_taken_in_every_form_people_type(text, name):
    assert clean_short_name(text) == name


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem("empty")),
        (" \u200b\x00 ", Problem("empty")),
        ("---", Problem("short_name_characters", characters="")),
        ("acme eu", Problem("short_name_characters", characters="␣")),
        ("acme_eu!", Problem("short_name_characters", characters="_ !")),
        ("société", Problem("short_name_characters", characters="é")),
        ("アクメ", Problem("short_name_characters", characters="ア ク メ")),
        ("\u0430\u0441me", Problem("lookalike_letters", characters="\u0430 \u0441")),
        ("a" * 101, Problem("too_long", max=100, length=101)),
        ("<script>", Problem("short_name_characters", characters="< >")),
        ("\ud800acme!", Problem("short_name_characters", characters="!")),
    ],
)
def test_short_name_is_refused_with_its_reason(text, problem):
    with pytest.raises(Problem) as refused:
        clean_short_name(text)
    assert refused.value == problem


@pytest.mark.parametrize(
    "text",
    [
        ORG,
        ORG.upper(),
        f"  {ORG}\t\n",
        f"{{{ORG}}}",
        f"urn:uuid:{ORG}",
        f"URN:UUID:{ORG.upper()}",
        f" {{{ORG.upper()}}} ",
        f"“{ORG}”",
        f"「{ORG}」",
        ORG.replace("-", ""),
        ORG.replace("-", "\u2010"),
        ORG.replace("-", "ー"),
        "".join(chr(ord(char) + 0xFEE0) for char in ORG),
        "\u200b" + ORG + "\ufeff",
        ORG[:10] + "\u200d" + ORG[10:],
    ],
)
def test_organization_id_is_stored_canonically(text):
    assert clean_organization_id(text) == ORG


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem("empty")),
        ("{}", Problem("uuid_length", count=0)),
        ("00000000-0000-0000-0000-000000000000", Problem("uuid_nil")),
        ("{00000000000000000000000000000000}", Problem("uuid_nil")),
        (ORG[:-1], Problem("uuid_length", count=31)),
        (ORG + "0", Problem("uuid_length", count=33)),
        (ORG.replace("b", "z"), Problem("uuid_characters", characters="z")),
        (ORG.replace("a", "\u0430", 1), Problem("lookalike_letters", characters="\u0430")),
        (ORG.replace("-", ""[:0]).replace("b1946ac9", "b1946-ac9"), Problem("uuid_form")),
        ("acme", Problem("uuid_characters", characters="m")),
        ("x" * 201, Problem("too_long", max=200, length=201)),
        (f"{ORG} {ORG}", Problem("uuid_characters", characters="␣")),
    ],
)
def test_organization_id_is_refused_with_its_reason(text, problem):
    with pytest.raises(Problem) as refused:
        clean_organization_id(text)
    assert refused.value == problem


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", ()),
        (" \n ", ()),
        (ONE, (ONE,)),
        (f"{ONE}, {TWO}", (ONE, TWO)),
        (f"{ONE};{TWO}", (ONE, TWO)),
        (f"{ONE}、{TWO}", (ONE, TWO)),
        (f"{TWO}\r\n{ONE}\n", (TWO, ONE)),
        (f"{ONE} {ONE.upper()} {{{ONE}}} {ONE.replace('-', '')}", (ONE,)),
        (LINK, (ONE,)),
        (LINK.upper(), (ONE,)),
        (f"{LINK}?tab=details", (ONE,)),
        (f"{LINK}/admin/details", (ONE,)),
        (f"<{LINK}>.", (ONE,)),
        (f"会話は{LINK}です", (ONE,)),
        (f"apps.mypurecloud.de/directory/#/engage/admin/interactions/{ONE}", (ONE,)),
        (f"https://apps.mypurecloud.jp/x?conversationId={ONE}&organizationId={ORG}", (ONE,)),
        (f"https://mail.example/safe?url=https%3A%2F%2Fapps.mypurecloud.com%2Finteractions%2F{ONE}&d={TWO}", (ONE,)),
        (f"https://apps.example/{ORG}/view/{ONE}", (ONE,)),
        (f"{LINK} {LINK} {TWO}", (ONE, TWO)),
        ("{ " + ONE + " }", (ONE,)),
        (f"会話ID：{ONE}です", (ONE,)),
        (f"conversationId={ONE}", (ONE,)),
        (f"urn:uuid:{ONE}", (ONE,)),
    ],
)
def test_conversation_ids_are_found_in_every_form(text, ids):
    assert find_conversation_ids(text, [ORG]) == ConversationIds(ids, ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (ORG, Problem("organization_id_here", value=ORG)),
        (
            f"https://apps.example/org/{ORG}",
            Problem("organization_id_here", value=f"https://apps.example/org/{ORG}"[:60]),
        ),
        (
            "https://apps.mypurecloud.com/directory",
            Problem("link_without_id", value="https://apps.mypurecloud.com/directory"),
        ),
        (
            f"https://x.example/{ONE}/{TWO}",
            Problem("link_with_several_ids", count=2, value=f"https://x.example/{ONE}/{TWO}"[:60]),
        ),
        ("00000000-0000-0000-0000-000000000000", Problem("uuid_nil", value="00000000-0000-0000-0000-000000000000")),
        ("hello", Problem("uuid_characters", characters="h l o", value="hello")),
        ("1234", Problem("uuid_length", count=4, value="1234")),
        (f"{ONE}xyz", Problem("uuid_characters", characters="x y z", value=f"{ONE}xyz")),
    ],
)
def test_conversation_ids_name_the_piece_that_is_wrong(text, problem):
    assert find_conversation_ids(f"{TWO} {text}", [ORG]) == ConversationIds((TWO,), (problem,))


def test_conversation_ids_are_capped_in_number():
    text = " ".join(f"3f2504e0-4f89-41d3-9a0c-{number:012x}" for number in range(51))
    assert find_conversation_ids(text).problems == (Problem("too_many", count=51, max=50),)


def test_conversation_ids_stop_after_ten_problems():
    assert len(find_conversation_ids("what " * 1000).problems) == 10


HOSTILE = [
    "-" * 1_000_000,
    "a" * 1_000_000,
    "ﷺ" * 1_000_000,
    f"{ONE} " * 30_000,
    "https://" * 100_000,
    "{" * 20_000,
    "f-" * 9_000,
    "interactions/" * 1_500,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_answered_at_once(text):
    started = time.process_time()
    for clean in (clean_short_name, clean_organization_id):
        with pytest.raises(Problem):
            clean(text)
    find_conversation_ids(text)
    assert time.process_time() - started < 1
