"""The PDF of an RCA: what is on it in four languages, that no text is ever read as markup, and that its process has limits."""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils.translation import gettext_lazy

from escalations import rca_pdf
from escalations.printable import shown_characters, unprintable_characters
from escalations.rca_markdown import MARKDOWN
from escalations.rca_pdf import (
    ActionRow,
    Actions,
    Impact,
    IncidentFacts,
    PdfError,
    RcaSheet,
    Section,
    Timeline,
    TimelineRow,
    document_of,
    render_pdf,
)
from escalations.rca_pdf_process import TEMPLATE

AT = datetime(2026, 3, 8, 22, 40, tzinfo=UTC)
needs_pdftotext = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="pdftotext is not installed (apt-get install poppler-utils)"
)

WORDS = {
    "en": ("America/New_York", "Calls dropped in Frankfurt", "Calls **dropped** for 47 minutes.", "Resolved"),
    "fr": ("Europe/Paris", "Appels interrompus à Francfort", "Pourquoi ? Une « fibre » coupée : 42 % des appels.", "Résolu"),
    "ja": ("Asia/Tokyo", "フランクフルトにおける通話切断", "𠮷田様、髙橋様にお詫び申し上げます……①㈱。", "解決済み"),
    "ru": ("Europe/Moscow", "Обрыв звонков во Франкфурте", "Звонки обрывались — абоненты слышали тишину.", "Устранён"),
}
LABELS = {
    "en": ["Publication date", "Affected components", "Times are in the time zone America/New York and in UTC.", "What happened", "1,247 minutes", "Apr 30, 2026", "Page 1 of 1"],
    "fr": ["Date de publication", "Composants concernés", "Les heures sont indiquées dans le fuseau horaire Europe/Paris et en UTC.", "Ce qui s’est passé", "1\u00a0247\u00a0minutes", "30 avril 2026", "Page 1 sur 1"],
    "ja": ["公開日時", "影響を受けたコンポーネント", "時刻はタイムゾーンAsia/TokyoとUTCで表示しています。", "内容", "1,247分", "2026年4月30日", "1 / 1ページ"],
    "ru": ["Дата публикации", "Затронутые компоненты", "Время указано в часовом поясе Europe/Moscow и в UTC.", "Что произошло", "1\u00a0247\u00a0минут", "30 апреля 2026\u00a0г.", "Страница 1 из 1"],
}  # fmt: skip
MOMENTS = {
    "en": ["2026-03-08 18:40 (UTC-4)", "2026-03-08 22:40 (UTC)"],
    "fr": ["08/03/2026 23:40 (UTC+1)", "08/03/2026 22:40 (UTC)"],
    "ja": ["2026/03/09 07:40（UTC+9）", "2026/03/08 22:40（UTC）"],
    "ru": ["09.03.2026 01:40 (UTC+3)", "08.03.2026 22:40 (UTC)"],
}


def sheet(language="en", **changes):
    zone, title, text, state = WORDS[language]
    whole = RcaSheet(
        title=title,
        number="RCA-1014",
        version=2,
        language=language,
        status="Final",
        organization="Acme",
        vendor="Customer Care",
        audience="Acme",
        time_zone=zone,
        published_at=AT + timedelta(days=5),
        incident=IncidentFacts("INC-1007", title, "1", ("Voice", "API")),
        sections=(
            Section("1", text),
            Section("2", Impact(text, 1247, ("CS-1000042", "CS-1000051"))),
            Section("3", Timeline((TimelineRow(AT, state, text),))),
            Section("4", Actions((ActionRow(text, "SRE", date(2026, 4, 30), state),))),
        ),
    )
    return dataclasses.replace(whole, **changes)


def about(text, language="en"):
    """A sheet that holds this text and little else."""
    return sheet(language, sections=(Section("S", text),))


def text_of(pdf, *options):
    return subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def objects_of(pdf):
    """The PDF with the streams that hold its objects unpacked."""
    return b"\n".join([pdf, *(_unpacked(stream) for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL))])


def _unpacked(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def said(text):
    """What the PDF of this text says in its only section."""
    whole = text_of(render_pdf(about(text)), "-layout").partition("\nS\n")[2]
    return " ".join(whole.partition("Acme    ")[0].split())


# --- what is on it -------------------------------------------------------------------------------------------------------
@needs_pdftotext
@pytest.mark.parametrize("language", WORDS)
def test_pdf_says_everything_in_its_language(language):
    _zone, title, text, state = WORDS[language]
    found = re.sub(r"\s", "", text_of(render_pdf(sheet(language))))
    wanted = [
        title,
        text.replace("**", ""),
        state,
        "RCA-1014",
        "INC-1007",
        "CS-1000042",
        "CS-1000051",
        *LABELS[language],
        *MOMENTS[language],
    ]
    assert [words for words in wanted if re.sub(r"\s", "", words) not in found] == []


@pytest.mark.parametrize("language", WORDS)
def test_pdf_is_tagged_in_its_language_and_embeds_its_fonts(language):
    objects = objects_of(render_pdf(sheet(language)))
    fonts = re.findall(rb"/FontName/\w{6}\+([A-Za-z]+)", objects)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in objects
    assert f"/Lang({language}".encode() in objects
    assert set(fonts) == ({b"NotoSans", b"NotoSansCJKjp"} if language == "ja" else {b"NotoSans"})
    assert len(re.findall(rb"/FontFile[23]", objects)) == len(fonts)


@needs_pdftotext
def test_pdf_repeats_the_head_of_a_table_and_counts_pages():
    rows = tuple(TimelineRow(AT + timedelta(minutes=n), "Identified", f"Step {n} of the repair.") for n in range(60))
    pages = text_of(render_pdf(sheet(sections=(Section("Timeline", Timeline(rows)),)))).split("\f")[:-1]
    assert len(pages) > 1
    assert [page.count("What happened") for page in pages] == [1] * len(pages)
    assert [f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)
    assert [page.count("RCA-1014, version 2") for page in pages] == [2, *[1] * (len(pages) - 1)]


@needs_pdftotext
def test_row_of_a_table_is_not_cut_unless_it_is_tall():
    rows = tuple(TimelineRow(AT, "Identified", f"Begin{n}\n\n{'word ' * 100}\n\nEnd{n}") for n in range(9))
    tall = TimelineRow(AT, "Identified", "Begin9\n\n" + "line\n" * 90 + "\nEnd9")
    pages = text_of(render_pdf(sheet(sections=(Section("Timeline", Timeline((*rows, tall))),)))).split("\f")
    cut = [n for n in range(10) for page in pages if (f"Begin{n}" in page) != (f"End{n}" in page)]
    assert cut == [9, 9]


@needs_pdftotext
def test_section_without_content_says_so():
    empty = [
        Section("A", ""),
        Section("B", " \n"),
        Section("C", Timeline(())),
        Section("D", Actions(())),
        Section("E", Impact("", None, ())),
    ]
    assert text_of(render_pdf(sheet(sections=tuple(empty)))).count("This section has no content.") == 5


@needs_pdftotext
def test_moments_are_said_once_in_utc_and_facts_stand_in_the_head():
    plain = sheet(time_zone="UTC", published_at=None, incident=None, facts=(("Case", "CS-1000042"), ("Restored", AT)))
    text = text_of(render_pdf(plain))
    assert "Times are in UTC." in text
    assert text.count("22:40 (UTC)") == 2  # the fact and the row, once each
    assert "Publication date" not in text
    assert "Incident" not in text
    assert "CS-1000042" in text.partition("Times are")[0]


# --- limited Markdown ----------------------------------------------------------------------------------------------------
@needs_pdftotext
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**bold** and `code`", "bold and code"),
        ("- one\n- two", "• one • two"),
        ("3. three\n4. four", "3. three 4. four"),
        ("> quoted", "quoted"),
        ("```\nERROR  x\n```", "ERROR x"),
        ("[page](https://status.example/a)", "page (https://status.example/a)"),
        ("https://status.example/a_b_c.", "https://status.example/a_b_c."),
        ("[mail](mailto:a@b.example)", "mail (mailto:a@b.example)"),
        ("[](https://a.example)", "https://a.example"),
        ("[a@b.example](mailto:a@b.example)", "a@b.example"),
        ("*one* __init__ _x_ a_b_c", "*one* __init__ _x_ a_b_c"),
        (r"C:\temp\*.log &amp; a\*b", r"C:\temp\*.log &amp; a\*b"),
        ("# not a heading", "# not a heading"),
        ("<b>no</b> HTML", "<b>no</b> HTML"),
    ],
)
def test_markdown_is_drawn_and_all_else_stands_as_typed(text, words):
    assert said(text) == words


def test_markdown_links_lead_to_the_web_only():
    pdf = render_pdf(
        about("[a](javascript:alert) [b](file:///etc/passwd) [c](/admin/) [d](https://good.example/) <ftp://e.example>")
    )
    assert re.findall(rb"/URI\((.*?)\)", objects_of(pdf)) == [b"https://good.example/"]


@needs_pdftotext
def test_long_identifier_stays_on_the_paper_and_can_be_copied_whole():
    identifier = "conversation=" + "3f2b9c1e77aa" * 20
    timeline = Timeline((TimelineRow(AT, "Identified" * 5, f"See {identifier}."),))
    pdf = render_pdf(sheet(sections=(Section("A", f"See {identifier}."), Section("B", timeline))))
    boxes = text_of(pdf, "-bbox")
    assert max(float(edge) for edge in re.findall(r'xMax="([\d.]+)"', boxes)) < 595 - 50  # A4 less the margin, in points
    assert re.sub(r"\s", "", text_of(pdf)).count(identifier) == 2


# --- hostile texts -------------------------------------------------------------------------------------------------------
@needs_pdftotext
@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.2.0"',
        '#image("/etc/passwd") #eval("1+1")',
        '") #read("/etc/passwd") #("',
        "$x^2$ @label <label> // no comment",
        '{"t": "code", "v": "x"}',
    ],
)
def test_markup_of_the_typesetter_is_drawn_as_it_was_typed(text):
    assert said(text) == text


@needs_pdftotext
def test_markup_of_the_typesetter_is_drawn_as_typed_in_every_field():
    evil = '#read("/x") *y*'
    row = ActionRow(evil, evil, None, evil)
    sections = (
        Section(evil, evil),
        Section("2", Timeline((TimelineRow(AT, evil, evil),))),
        Section("3", Actions((row,))),
        Section("4", Impact(evil, 1, (evil,))),
    )
    changes = dict.fromkeys(["title", "number", "status", "organization", "vendor", "audience"], evil)
    pdf = render_pdf(
        sheet(**changes, sections=sections, incident=IncidentFacts(evil, evil, evil, (evil,)), facts=((evil, evil),))
    )
    assert re.sub(r"\s", "", text_of(pdf)).count('#read("/x")*y*') == 23


def test_template_reads_nothing_and_runs_nothing():
    """Data is inert, so what the template does not ask for cannot happen."""
    code = re.sub(r"//.*", "", TEMPLATE.read_text())
    assert re.findall(r"\b(import|include|read|eval|plugin|image|csv|yaml|toml|xml|cbor)\b", code) == []
    assert "json(bytes(sys.inputs.data))" in code


@needs_pdftotext
def test_unseen_characters_are_left_out_and_strange_ones_are_seen():
    assert said("a\0b\x1b \u202eabc\u202c\u200b \ud800 😀 한 e\u0301 か\u3099 ﬁ 𝟏 葛\U000e0100") == "ab abc � � � é が fi 1 葛"


def test_unprintable_characters_are_named_for_the_author():
    assert unprintable_characters("Zoë 😀 𠮷 한 😀 � ✔\ufe0f ❤\ufe0f") == ["😀", "한", "❤"]


@pytest.mark.parametrize("markup", ["{}", "**{}**", "`{}`"], ids=["regular", "bold", "code"])
def test_every_character_of_the_fonts_is_drawn(markup):
    """PDF/UA refuses a character without a glyph, so a PDF is the proof."""
    characters = [char for char in sorted(shown_characters()) if char.isprintable() and not char.isspace() and char not in "`*"]
    texts = (markup.format(" ".join(characters[start : start + 500])) for start in range(0, len(characters), 500))
    assert len(characters) > 13_000
    assert render_pdf(about("\n\n".join(texts)))


def test_fonts_cover_japanese_as_it_is_typed():
    def two_bytes(codec):
        every = (bytes([lead, trail]) for lead in range(0xA1, 0xFF) for trail in range(0xA1, 0xFF))
        return {char for pair in every for char in pair.decode(codec, "ignore")}

    assert unprintable_characters("".join(sorted(two_bytes("euc_jp")))) == []  # JIS X 0208
    assert [char for char in "髙﨑𠮷①㈱〒～ー゛「」" if char not in shown_characters()] == []


def test_fonts_stay_small_and_bring_their_license():
    folder = TEMPLATE.parent / "fonts"
    assert sum(path.stat().st_size for path in folder.glob("*.?tf")) < 6_000_000
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text()


@needs_pdftotext
@pytest.mark.parametrize(
    ("text", "sign", "times"),
    [
        ("".join("  " * level + "- x\n" for level in range(60)), "x", 60),
        (">" * 5000 + " quote", ">", 5000),
        ("[" * 5000 + "](b" * 5000, "[", 5000),
        ("**a " * 5000, "*", 10_000),
    ],
    ids=["lists", "quotes", "brackets", "asterisks"],
)
def test_deep_nesting_is_drawn_as_typed(text, sign, times):
    assert text_of(render_pdf(about(text))).count(sign) == times


def test_nesting_on_the_brink_is_drawn():
    text = "".join("  " * level + "- x\n" for level in range(9))
    assert max(token.level for token in MARKDOWN.parse(text)) == 19
    assert render_pdf(about(text))


def test_megabyte_of_text_is_refused():
    with pytest.raises(PdfError, match="too long"):
        render_pdf(about("word " * 200_000))


@pytest.mark.slow
def test_text_that_takes_too_long_is_refused():
    with pytest.raises(PdfError, match="SIGXCPU|too slow"):
        render_pdf(about("a" * 390_000))


def test_text_that_takes_too_much_memory_is_refused():
    with pytest.raises(PdfError, match="SIGABRT"):
        render_pdf(about("a" + "\u0301" * 60_000))


# --- the process ---------------------------------------------------------------------------------------------------------
def test_process_that_does_not_end_is_killed(monkeypatch):
    monkeypatch.setattr(rca_pdf, "SECONDS", 0.01)
    with pytest.raises(PdfError, match="too slow"):
        render_pdf(sheet())


def limited(code):
    """The end of a Python process that has taken its limits, the processor's cut down to a second, and runs this code."""
    program = f"from escalations import rca_pdf_process as p; p.CPU_SECONDS = 1; p.limit(); {code}"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=rca_pdf.HOME, env=rca_pdf.ENVIRONMENT, capture_output=True, text=True
    )


def test_process_has_limits_of_time_memory_and_files(tmp_path):
    assert limited("[0 for _ in iter(int, 1)]").returncode < 0
    assert "MemoryError" in limited("bytearray(2 << 30)").stderr
    assert "File too large" in limited(f"p.Path({str(tmp_path / 'x')!r}).write_text('x')").stderr
    assert limited("print(len(bytearray(1 << 20)))").stdout == "1048576\n"


def test_process_knows_nothing_of_the_portal():
    program = (
        "import sys, os, escalations.rca_pdf_process; print(sorted(name for name in os.environ if name.isupper() and name != 'LC_CTYPE'));"
        "print([name for name in sys.modules if name.split('.')[0] in ('django', 'portal', 'psycopg')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=rca_pdf.HOME, env=rca_pdf.ENVIRONMENT, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == [str(sorted(rca_pdf.ENVIRONMENT)), "[]"]


def test_broken_input_is_a_pdf_error_that_quotes_no_text(monkeypatch):
    monkeypatch.setattr(rca_pdf, "document_of", lambda sheet: {"title": "a secret"})
    with pytest.raises(PdfError, match="KeyError") as caught:
        render_pdf(sheet())
    assert "secret" not in str(caught.value)


def test_same_sheet_gives_the_same_bytes_from_any_folder(tmp_path):
    first = render_pdf(sheet("ja"))
    folder = Path.cwd()
    os.chdir(tmp_path)
    try:
        assert render_pdf(sheet("ja")) == first
    finally:
        os.chdir(folder)
    assert b"D:20260313224000" in first  # the moment of publication, not of drawing
    assert render_pdf(sheet("ja", version=3)) != first


def test_draft_has_no_date_of_its_own():
    draft = sheet(published_at=None)
    assert b"/CreationDate" not in render_pdf(draft)
    assert render_pdf(draft) == render_pdf(draft)


@needs_pdftotext
def test_lazy_labels_are_said_in_the_language_of_the_sheet():
    lazy = gettext_lazy("Severity")
    text = text_of(render_pdf(sheet("fr", vendor=lazy, status=lazy, incident=IncidentFacts("INC-1", lazy, lazy, (lazy, lazy)))))
    assert text.count("Gravité") == 7  # one is the label
    assert "Severity" not in text


def test_document_is_plain_data():
    data = document_of(sheet())
    assert json.loads(json.dumps(data)) == data
