import time
import zipfile
from io import BytesIO

import pytest

from cases.attachment_rules import (
    SHOWN_TYPES,
    CheckedFile,
    check_file,
    check_size,
    clean_file_name,
    extension_of,
    mask_content,
    sniff,
)
from cases.problem import Problem

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
PDF = b"%PDF-1.7\n\x00"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def archive(*names):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (PDF, "application/pdf"),
        (b"\x00\x00\x00\x18ftypisom\x00", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm"),
        (archive("[Content_Types].xml", "word/document.xml"), DOCX),
        (archive("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (b"plain words\n", "text/plain"),
        ("Журнал 会話".encode(), "text/plain"),
        ("Журнал".encode("cp1251"), "text/plain"),
        ("会話ログ".encode("cp932"), "text/plain"),
        ("log".encode("utf-16"), "text/plain"),
        (b"\x1b[31mred\x1b[0m", "text/plain"),
        (b"<html><script>", "text/plain"),
        # nothing we take
        (archive("a.txt"), None),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (b"PK\x03\x04 broken", None),
        (b"MZ\x90\x00\x03\x00", None),
        (b"\x7fELF\x02\x01\x01\x00", None),
        (b"\x00\x00\x00\x18ftypheic\x00", None),
        (b"\x1f\x8b\x08\x00gzip", None),
        (b"\x01\x02\x03\x04", None),
        (b"\xff\xfeodd", None),
    ],
)
def test_content_alone_says_what_a_file_is(content, content_type):
    assert sniff(content) == content_type


@pytest.mark.parametrize(
    ("name", "content", "checked"),
    [
        ("shot.png", PNG, ("shot.png", "image/png")),
        ("shot.PNG", PNG, ("shot.PNG", "image/png")),
        ("shot.jpg", PNG, ("shot.jpg.png", "image/png")),
        ("shot", PNG, ("shot.png", "image/png")),
        ("C:\\Users\\x\\console.har", b'{"log": {}}', ("console.har", "application/json")),
        ("rows.csv", b"a;b\n", ("rows.csv", "text/csv")),
        ("nginx.conf", b"server {}", ("nginx.conf", "text/plain")),
        (".env", b"A=1", ("env.txt", "text/plain")),
        ("README", b"words", ("README.txt", "text/plain")),
    ],
)
def test_good_file_is_taken_under_a_name_that_fits(name, content, checked):
    assert check_file(name, content) == CheckedFile(*checked, content, [])


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("run.exe", b"MZ\x90\x00", Problem("file_type", name="run.exe", extension="exe", allowed=SHOWN_TYPES)),
        ("logs.zip", archive("a.txt"), Problem("file_type", name="logs.zip", extension="zip", allowed=SHOWN_TYPES)),
        ("page.html", b"<p>", Problem("file_type", name="page.html", extension="html", allowed=SHOWN_TYPES)),
        ("icon.svg", b"<svg/>", Problem("file_type", name="icon.svg", extension="svg", allowed=SHOWN_TYPES)),
        ("photo.exe", PNG, Problem("file_type", name="photo.exe", extension="exe", allowed=SHOWN_TYPES)),
        ("invoice.pdf.exe", PDF, Problem("file_type", name="invoice.pdf.exe", extension="exe", allowed=SHOWN_TYPES)),
        ("shot.png", b"MZ\x90\x00", Problem("file_content", name="shot.png", extension="png")),
        ("shot.png", b"just words", Problem("file_content", name="shot.png", extension="png")),
        ("notes.txt", b"MZ\x90\x00", Problem("file_content", name="notes.txt", extension="txt")),
        ("blob", b"\x00\x01", Problem("file_type", name="blob", extension="blob", allowed=SHOWN_TYPES)),
    ],
)
def test_other_file_is_refused_with_its_reason(name, content, problem):
    with pytest.raises(Problem) as refused:
        check_file(name, content)
    assert refused.value == problem


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\x00b\r\n.txt", "ab .txt"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("console.log", "console.log"),
        ("a:b|c?.log", "a_b_c_.log"),
        ("  .hidden. ", "hidden"),
        ("...", "file"),
        ("", "file"),
        ("\ud800.png", "png"),
        ("cafe\u0301.txt", "café.txt"),
        ("会話 スクリーン.png", "会話 スクリーン.png"),
        ("x" * 300 + ".log", "x" * 115 + "….log"),
        ("y" * 300, "y" * 120),
    ],
)
def test_name_is_cleaned(given, clean):
    assert clean_file_name(given) == clean


@pytest.mark.parametrize(
    ("name", "extension"), [("a.TXT", "txt"), ("a", ""), (".env", ""), ("a.b c", ""), ("a.", ""), ("x.tar.gz", "gz")]
)
def test_extension(name, extension):
    assert extension_of(name) == extension


def test_size_is_checked_before_reading():
    check_size("a.txt", 10, most=10)
    with pytest.raises(Problem) as empty:
        check_size("a.txt", 0, most=10)
    with pytest.raises(Problem) as large:
        check_size("x/a.txt", 11, most=10)
    assert empty.value == Problem("file_empty", name="a.txt")
    assert large.value == Problem("file_too_large", name="a.txt", size=11, max=10)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_secrets_in_text_files_are_masked_in_their_own_encoding(encoding):
    before = "Журнал\r\nпароль: hunter2\r\nконец".encode(encoding)
    after = "Журнал\r\nпароль: ********\r\nконец".encode(encoding)
    assert mask_content(before) == (after, ["password"])


def test_secrets_in_japanese_files_are_masked_in_their_own_encoding():
    before = "会話ログ\nパスワード：hunter2\n".encode("cp932")
    assert mask_content(before) == ("会話ログ\nパスワード：********\n".encode("cp932"), ["password"])


def test_secrets_of_a_har_are_masked_and_named():
    har = b'{"headers": [{"name": "Authorization", "value": "Bearer abcdEFGH1234567890"}], "text": "{\\"password\\":\\"x9\\"}"}'
    checked = check_file("console.har", har)
    assert b"abcdEFGH1234567890" not in checked.content
    assert b"x9" not in checked.content
    assert checked.masked == ["token", "password"]


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 4, b"\x98\x81\xff latin", b"\x81", "\ud800".encode("utf-8", "surrogatepass")]
)
def test_bytes_without_secrets_stay_as_they_are(content):
    assert mask_content(content) == (content, [])


def test_many_entries_and_long_names_are_answered_quickly():
    started = time.process_time()
    sniff(archive(*(f"{number}" for number in range(5_000))))
    clean_file_name("a/" * 500_000 + "." * 500_000)
    sniff(b"RIFF" + b"\x1aE\xdf\xa3" * 1_000_000)
    assert time.process_time() - started < 5
