"""Every form that POSTs, found by reading the pages, is sent what no form should be sent: never a 500, never a lost word (SPEC 12, SAFETY 12)."""

import io
from collections import namedtuple
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases.models import Activity, ActivityText, CaseDetails, Draft

pytestmark = pytest.mark.slow

MEGABYTE = "All work and no play. " * 50_000
NUMBERS = ["9" * 400, "-1", "1e9", "٣٤", "NaN", ""]
UUIDS = ["no-uuid", "00000000-0000-0000-0000-000000000000", "{" * 50, "urn:uuid:8a2f1c3e-5b7d-4e90-a1b2-c3d4e5f60718", "\x00"]
TRICKS = [
    "\u202egnp.exe\u202c",
    "\u2066hidden\u2069",
    "a\u0300" * 3000,
    "\ufeff\u200b\u00ad",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}",
    "%s%n",
]

Attack = namedtuple("Attack", "name changes")


def texts_of(form):
    return [field.name for field in form.fields.values() if field.is_text]


def attacks_on(form):
    """What is sent instead of what the form asks for; only what concerns a field that it has."""
    return [attack for attack in _attacks(form) if set(attack.changes) & set(form.fields)]


def _attacks(form):
    texts = texts_of(form)
    for name in form.fields:
        yield Attack(f"without {name}", {name: None})
    for trick in ["\x00", "a\x00b", *TRICKS]:
        yield Attack(f"texts {trick[:12]!r}", dict.fromkeys(texts, trick))
    for number in NUMBERS:
        hidden = [field.name for field in form.fields.values() if field.kind in ("hidden", "number", "date", "datetime-local")]
        yield Attack(f"numbers {number[:12]!r}", dict.fromkeys(hidden, number))
    for uuid in UUIDS:
        yield Attack(f"key {uuid[:12]!r}", {"key": uuid})
    choices = [field.name for field in form.fields.values() if field.is_choice or field.kind == "button"]
    yield Attack("choices that do not exist", dict.fromkeys(choices, "no-such-choice"))
    yield Attack("a choice twice", {name: ["1", "2"] for name in choices})
    yield Attack("an old version", {"version": "0", "seen": "0"})
    yield Attack("nothing at all", dict.fromkeys(form.fields))


def kept_words():
    """Everything that people wrote and that is in the database."""
    kept = [*ActivityText.objects.values_list("text", "redaction_reason"), *CaseDetails.objects.values_list()]
    return repr(kept) + repr(list(Draft.objects.values_list("data", flat=True)))


def typed_words(form, data):
    """What a person typed in the boxes for long texts, where it is long enough to be looked for."""
    boxes = [field.name for field in form.fields.values() if field.kind == "textarea"]
    return [data[name] for name in boxes if isinstance(data.get(name), str) and data[name].startswith("word-of-")]


def complaints(user, form, attack, send):
    data = form.data(**attack.changes)
    answer = send(user, "POST", form.url, data=data, look=kept_words)
    told = f"{form.url} {attack.name}: {answer.status_code}"
    if answer.status_code >= 500:
        yield told
    shown = answer.content.decode(errors="replace") if not answer.streaming else ""
    for word in typed_words(form, data):
        if word not in shown and word not in answer.seen:
            yield f"{told} lost {word}"


def test_there_are_forms_to_attack(found_forms):
    urls = " ".join(form.url for _user, form in found_forms)
    expected = [
        "/reply/",
        "/accept/",
        "/reject/",
        "/close/",
        "/reopen/",
        "/keep-open/",
        "/cases/new/",
        "/preferences/",
        "/language/",
    ]
    expected += [
        "/admin/care/take-next/",
        "/note/",
        "/call/",
        "/assign/",
        "/severity/",
        "/status/",
        "/resolution/",
        "/account/login/",
    ]
    assert [part for part in expected if part not in urls] == []


def test_forms_survive_hostile_values(found_forms, send):
    found = [
        complaint
        for user, form in found_forms
        for attack in attacks_on(form)
        for complaint in complaints(user, form, attack, send)
    ]
    assert found == []


def test_forms_survive_a_megabyte_of_text(found_forms, send):
    """Taken, or refused beside the field with the text still there; a short text field may cut its own echo."""
    failed = []
    for user, form in found_forms:
        for name in texts_of(form):
            answer = send(user, "POST", form.url, data=form.data(**{name: MEGABYTE}))
            is_lost = (
                answer.status_code == 422
                and form.fields[name].kind == "textarea"
                and answer.content.decode().count("no play") < 49_000
            )
            if answer.status_code >= 500 or is_lost:
                failed.append(f"{form.url} {name}: {answer.status_code}{' lost the text' if is_lost else ''}")
    assert failed == []


RAW = {
    "lone surrogates": ("application/x-www-form-urlencoded", b"text=%ED%A0%80%ED%BF%BF&subject=%ED%A0%80&description=%ED%A0%80"),
    "no UTF-8": ("application/x-www-form-urlencoded", b"text=%FF%FE%C3%28&subject=%FF&description=\xff\xfe"),
    "a charset that does not exist": ("application/x-www-form-urlencoded; charset=klingon", b"text=hello"),
    "UTF-16": ("application/x-www-form-urlencoded; charset=utf-16", "text=hello".encode("utf-16")),
    "JSON": ("application/json", b'{"text": "hello"}'),
    "no content type": ("", b"text=hello"),
    "multipart without boundary": ("multipart/form-data", b"--x\r\n"),
    "multipart cut short": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhel'),
    "multipart of nonsense": ("multipart/form-data; boundary=x", b"\x00\xff" * 100),
    "multipart with a bad transfer": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="text"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--\r\n',
    ),
    "multipart with a file for a text": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="text"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n',
    ),
    "too many fields": (
        "application/x-www-form-urlencoded",
        urlencode([(f"field{number}", "x") for number in range(400)]).encode(),
    ),
    "too large": ("application/x-www-form-urlencoded", b"text=" + b"x" * 5_000_000),
}


def test_forms_survive_broken_bodies(found_forms, send):
    failed = [
        f"{form.url} {name}: {status}"
        for name, (content_type, body) in RAW.items()
        for user, form in found_forms
        if (status := send(user, "POST", form.url, data=body, content_type=content_type).status_code) >= 500
    ]
    assert failed == []


QUERIES = ["%FF%FE", "text=%ED%A0%80", "show=%00", "before=%00&seen=9999999999999999999999", "page=-1&page=%FF", "x" * 8000]


def test_pages_and_forms_survive_hostile_queries(found_forms, send):
    urls = {(user, method, url) for user, form in found_forms for method, url in (("GET", form.page), ("POST", form.url))}
    failed = [
        f"{method} {url}?{query[:20]}"
        for query in QUERIES
        for user, method, url in urls
        if send(user, method, f"{url}?{query}").status_code >= 500
    ]
    assert failed == []


def test_forms_answer_a_get_with_a_page_or_405(found_forms, send):
    answers = {form.url: send(user, "GET", form.url).status_code for user, form in found_forms}
    assert {url: status for url, status in answers.items() if status not in (200, 302, 303, 405)} == {}


def test_forms_with_a_key_have_one_effect_when_sent_twice(found_forms, signed_in):
    """Double click, Back, reload: the second answer leads where the first one led, and nothing is written twice."""
    for user, form in found_forms:
        if "key" not in form.fields or user is None or "/new/" in form.url:
            continue
        client, data = signed_in(user), form.data()
        first = client.post(form.url, data)
        written = Activity.objects.count()
        second = client.post(form.url, data)
        if first.status_code == 303:
            assert (second.status_code, second.url) == (303, first.url), form.url
        assert Activity.objects.count() == written, form.url


# --- files -------------------------------------------------------------------------------------------------------------


def picture(kind="PNG"):
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, kind)
    return content.getvalue()


FILES = {
    "empty": ("empty.png", b""),
    "a program called a picture": ("photo.png", b"MZ\x90\x00" + b"\x00" * 200),
    "a page called a log": ("page.log", b"<!doctype html><script>alert(1)</script>"),
    "a picture cut short": ("cut.png", picture()[:40]),
    "a picture with a script behind it": ("both.png", picture() + b"<script>alert(1)</script>"),
    "a zip": ("archive.zip", b"PK\x03\x04" + b"\x00" * 100),
    "an SVG": ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "a path": ("../../etc/passwd", b"root:x:0:0"),
    "a name of dots": ("...", b"text"),
    "a name with NUL and RTL": ("a\x00\u202egnp.exe", picture()),
    "a very long name": ("名" * 83 + ".png", picture()),
    "a name without an end": ("noend", picture()),
    "text in no encoding": ("bytes.log", bytes(range(256)) * 10),
    "half a private key": ("key.log", b"-----BEGIN RSA PRIVATE KEY-----\n" + b"A" * 64 + b"\n"),
}


def file_fields(found_forms):
    return [(user, form, field.name) for user, form in found_forms for field in form.fields.values() if field.kind == "file"]


def test_file_fields_survive_hostile_files(found_forms, send):
    failed = []
    for what, (file_name, content) in FILES.items():
        for user, form, field in file_fields(found_forms):
            upload = SimpleUploadedFile("x", content, "image/png")
            upload._name = file_name  # as the client says it, unchecked
            answer = send(user, "POST", form.url, data=form.data(**{field: upload}), look=kept_words)
            shown = answer.content.decode(errors="replace")
            lost = [word for word in typed_words(form, form.data()) if word not in shown and word not in answer.seen]
            if answer.status_code >= 500 or lost:
                failed.append(f"{form.url} {what}: {answer.status_code} lost {lost}")
    assert failed == []


def test_file_fields_survive_too_many_files(found_forms, send, settings):
    failed = []
    for user, form, field in file_fields(found_forms):
        names = [f"{number}.png" for number in range(settings.ATTACHMENT_MAX_COUNT + 2)]
        uploads = [SimpleUploadedFile(name, picture(), "image/png") for name in names]
        answer = send(user, "POST", form.url, data=form.data(**{field: uploads}))
        if answer.status_code >= 500:
            failed.append(form.url)
    assert failed == []
