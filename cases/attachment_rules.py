"""Which files are taken, under which name, and what is masked in them (SPEC 2, SAFETY 8, UX 4.8). Pure.

The content decides what a file is; its name has to agree or is completed. Archives are refused: what lies in them can neither be read by
the care team at a glance nor be searched for secrets.
"""

import codecs
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO

from .problem import Problem
from .secret_masking import mask
from .text_cleaning import clean_line

LONGEST_NAME = 120  # characters; 120 × 3 bytes leave every file system room
SNIFFED = 65_536  # bytes looked at for control characters

# Content type -> the extensions it goes by; the first is added to a name that has none of them.
BINARY_TYPES = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov",),
    "video/webm": ("webm",),
}
TEXT_TYPES = {
    "text/plain": ("txt", "log", "md", "conf", "cfg", "cnf", "ini", "properties", "toml", "yaml", "yml", "env", "trace", "sip"),
    "text/csv": ("csv", "tsv"),
    "application/json": ("json", "har", "ndjson", "jsonl"),
    "application/xml": ("xml",),
}
SHOWN_TYPES = "png, jpg, gif, webp, pdf, docx, xlsx, mp4, mov, webm, txt, log, csv, json, har, xml, yaml, conf"
# Refused whatever they contain: a double click runs them, or a browser does.
DANGEROUS_EXTENSIONS = """
exe com scr pif bat cmd ps1 psm1 vbs vbe js jse mjs wsf wsh hta msi msp dll cpl jar lnk url reg scf app dmg pkg deb rpm apk sh
html htm xhtml mht mhtml svg svgz xsl xslt swf php py pl rb chm iso img docm xlsm dotm xltm pptm one
"""
DANGEROUS = frozenset(DANGEROUS_EXTENSIONS.split())

RESERVED_NAMES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f]')
INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: its clean name, what it is, its content with secrets masked, and the kinds that were."""

    name: str
    content_type: str
    content: bytes
    masked: list[str]


def check_size(name, size, *, most):
    """Refuse an empty file and one above `most` bytes, before it is read. Raises Problem `file_empty` or `file_too_large`."""
    if size == 0:
        raise Problem("file_empty", name=clean_file_name(name))
    if size > most:
        raise Problem("file_too_large", name=clean_file_name(name), size=size, max=most)


def check_file(name, content):
    """What becomes of an uploaded file. Raises Problem: `file_type` (extension, allowed) or `file_content` (name, extension)."""
    name = clean_file_name(name)
    extension = extension_of(name)
    content_type = sniff(content)
    if extension in DANGEROUS or content_type is None or (content_type == "text/plain" and not _is_text_name(extension)):
        raise _refusal(name, extension)
    if content_type == "text/plain":
        return _checked_text(name, extension, content)
    if extension not in BINARY_TYPES[content_type]:
        name = f"{name[: LONGEST_NAME - 5]}.{BINARY_TYPES[content_type][0]}"
    return CheckedFile(name, content_type, content, [])


def _refusal(name, extension):
    known = {known for types in (BINARY_TYPES, TEXT_TYPES) for extensions in types.values() for known in extensions}
    if extension in known:
        return Problem("file_content", name=name, extension=extension)
    return Problem("file_type", name=name, extension=extension or name, allowed=SHOWN_TYPES)


def _is_text_name(extension):
    return not extension or any(extension in extensions for extensions in TEXT_TYPES.values())


def _checked_text(name, extension, content):
    content, masked = mask_content(content)
    content_type = next((kind for kind, extensions in TEXT_TYPES.items() if extension in extensions), "text/plain")
    return CheckedFile(name if extension else f"{name[: LONGEST_NAME - 4]}.txt", content_type, content, masked)


# --- names -------------------------------------------------------------------------------------------------------------


def clean_file_name(name):
    """The last part of the name as it may be shown and downloaded: no path, nothing invisible, nothing a file system reserves."""
    name = unicodedata.normalize("NFC", name[-4 * LONGEST_NAME :]).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char) not in INVISIBLE or char.isspace())
    name = FORBIDDEN_IN_NAMES.sub("_", clean_line(name)).strip(". ")
    if RESERVED_NAMES.match(name):
        name = f"_{name}"
    return _shortened(name) or "file"


def _shortened(name):
    if len(name) <= LONGEST_NAME:
        return name
    extension = extension_of(name)
    return f"{name[: LONGEST_NAME - len(extension) - 2]}….{extension}" if extension else name[:LONGEST_NAME]


def extension_of(name):
    """The lower-case extension of a clean name, or "" where it has none worth the name."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if stem and dot and re.fullmatch(r"\w{1,12}", extension) else ""


# --- content -----------------------------------------------------------------------------------------------------------

MAGIC = [
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("application/pdf", re.compile(rb"(?:\xef\xbb\xbf)?\s{0,20}%PDF-")),
    ("video/quicktime", re.compile(rb"....ftypqt  ", re.DOTALL)),
    ("video/mp4", re.compile(rb"....ftyp(?:iso|mp4|avc|M4V|MSNV|dash|f4v)", re.DOTALL)),
    ("video/webm", re.compile(rb"\x1aE\xdf\xa3.{0,60}webm", re.DOTALL)),
]
OFFICE_PARTS = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CONTROLS = re.compile(
    rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]"
)  # bell, backspace, tab, newlines and the escape of colors may stand in logs
UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
KANA = re.compile("[\u3041-\u30fe]")


def sniff(content):
    """The content type by the content alone: one of BINARY_TYPES, "text/plain" for any text, or None."""
    for content_type, magic in MAGIC:
        if magic.match(content):
            return content_type
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return "text/plain" if _is_text(content) else None


def _office_type(content):
    try:
        names = set(zipfile.ZipFile(BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for part, kind in OFFICE_PARTS.items() if {part, "[Content_Types].xml"} <= names), None)


def _is_text(content):
    if content[:2] in UTF16:
        return len(content) % 2 == 0 and "\x00" not in content.decode(UTF16[content[:2]], "replace")
    head = content[:SNIFFED]
    return b"\x00" not in content and 100 * len(CONTROLS.findall(head)) <= len(head)


def mask_content(content):
    """A text file's bytes with its secrets masked, and the kinds that were; the very bytes given where there was none."""
    encoding, errors = _encoding(content)
    masked = mask(content.decode(encoding, errors), mark="*")
    if not masked.kinds:
        return content, []
    return masked.text.encode(encoding, errors), [kind.value for kind in masked.kinds]


def _encoding(content):
    """An encoding, and what to do with the rest, such that decoding and encoding again gives the same bytes."""
    if content[:2] in UTF16:
        return UTF16[content[:2]], "surrogatepass"
    for encoding in ("utf-8", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or (KANA.search(text) and text.encode(encoding, "replace") == content):
            return encoding, "strict"
    return "cp1251", "surrogateescape"
