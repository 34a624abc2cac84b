"""The process that draws one PDF and ends: `python -m escalations.rca_pdf_process`, JSON in, bytes out (SAFETY 9).

It takes no memory or time beyond its limits, opens our template and fonts only, reaches no network, and has nothing of the portal in it:
no settings, no database, no environment. `escalations.rca_pdf` starts it.
"""

import json
import resource
import sys
from pathlib import Path

import typst

from escalations.printable import printable
from escalations.rca_markdown import blocks, typographic
from escalations.sandbox import close_in

ROOT = Path(__file__).parent / "pdf"
TEMPLATE = ROOT / "rca.typ"
CPU_SECONDS = 10
MEMORY = 1 << 30  # bytes of address space
LARGEST = 20 << 20  # bytes of a PDF
STANDARD = "ua-1"  # refuses what a screen reader could not read, and any character without a glyph


def limit():
    """Takes away what drawing a page does not need. Nothing gives it back."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the kernel refuses or ignores it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def draw(document: dict) -> bytes:
    """The PDF of a document as `rca_pdf.document_of` writes it. Raises typst.TypstError."""
    return typst.compile(
        TEMPLATE,
        root=ROOT,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[ROOT / "fonts"]),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(drawn(document, document["language"]))},
        pdf_standards=[STANDARD],
        package_path=ROOT / "packages",  # there are none
        package_cache_path=ROOT / "packages",
        timestamp=0,
    )


def drawn(value, language):
    """The document with every string in characters that can be drawn, and every Markdown text as a tree."""
    match value:
        case {"markdown": text}:
            return blocks(printable(text), language)
        case dict():
            return {key: drawn(part, language) for key, part in value.items()}
        case list():
            return [drawn(part, language) for part in value]
        case str():
            return typographic(printable(value), language)
        case _:
            return value


def main():
    limit()
    close_in(ROOT)
    pdf = draw(json.load(sys.stdin.buffer))
    if len(pdf) > LARGEST:
        raise SystemExit(f"{len(pdf)} bytes, {LARGEST} allowed")
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
