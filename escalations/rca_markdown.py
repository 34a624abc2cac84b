"""A text of an RCA as a tree of plain dicts, for the PDF's template to draw (SPEC 8, STACK 2.6). Pure.

Paragraphs, line breaks, lists, quotes, `code`, **bold** and links are markup; all else stands as it was typed, so that a path or a log
keeps its underscores, asterisks and backslashes. Every leaf is a string that the template draws and never reads as markup.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from cases.text_rendering import ADDRESS, TRAILING

DEEPEST = 20  # lists in lists (each is two levels), as on pages; a deeper text is shown as it was typed
WEB = ("http://", "https://", "mailto:")
BOLD = "**"
SPACE_INSIDE = re.compile(r" +(?=[:;?!%»](?:\s|$))|(?<=«) +")  # French: never at the end of a line (locale/STYLE.md)

MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": DEEPEST + 1}).disable(
    ["heading", "lheading", "hr", "reference", "html_block", "html_inline", "image", "escape", "entity"]
)


def blocks(text: str, language: str = "en") -> list[dict]:
    """The blocks of a text: {"t": "p" | "ul" | "ol" | "quote" | "pre", …}."""
    tokens = MARKDOWN.parse(text)
    if any(token.level >= DEEPEST for token in tokens):
        return [{"t": "pre", "v": text}]
    return [_block(node, language) for node in SyntaxTreeNode(tokens).children]


def typographic(text: str, language: str) -> str:
    """The text with the spaces that its language wants: in French no sign stands alone on a new line."""
    return SPACE_INSIDE.sub("\u00a0", text) if language == "fr" else text


def _block(node, language):
    match node.type:
        case "bullet_list":
            return {"t": "ul", "c": _items(node, language)}
        case "ordered_list":
            return {"t": "ol", "start": int(node.attrs.get("start", 1)), "c": _items(node, language)}
        case "blockquote":
            return {"t": "quote", "c": [_block(child, language) for child in node.children]}
        case "fence" | "code_block":
            return {"t": "pre", "v": node.content.rstrip("\n")}
        case _:
            return {"t": "p", "c": [leaf for child in node.children for leaf in _inlines(child, language)]}


def _items(node, language):
    return [[_block(child, language) for child in item.children] for item in node.children]


def _inlines(node, language):
    return [leaf for child in node.children for leaf in _inline(child, language)]


def _inline(node, language):
    match node.type:
        case "text":
            return list(_linked(node.content, language))
        case "softbreak" | "hardbreak":
            return [{"t": "br"}]
        case "code_inline":
            return [{"t": "code", "v": node.content}]
        case "strong" if node.markup == BOLD:
            return [{"t": "strong", "c": _inlines(node, language)}]
        case "link":
            return _link(node, language)
        case _:  # emphasis with one asterisk or with underscores: no markup here
            return [_text(node.markup, language), *_inlines(node, language), _text(node.markup, language)]


def _link(node, language):
    """A link with its address behind it, for paper (UX A42); an address that leads elsewhere is no link."""
    inside, address = _inlines(node, language), str(node.attrs["href"])
    words = [leaf for child in inside for leaf in (child["c"] if child["t"] == "link" else [child])]  # no link in a link
    if not address.lower().startswith(WEB):
        return [*words, _text(f" ({address})", language)]
    said = "".join(leaf.get("v", "") for leaf in words)
    if not said.strip():
        words = [{"t": "text", "v": address}]
    rest = [] if said.strip() in ("", address, address.removeprefix("mailto:")) else [{"t": "text", "v": f" ({address})"}]
    return [{"t": "link", "href": address, "c": words}, *rest]


def _linked(text, language):
    """A text in pieces: the addresses in it are links."""
    position = 0
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(TRAILING)
        yield _text(text[position : match.start()], language)
        yield {"t": "link", "href": address, "c": [{"t": "text", "v": address}]}
        position = match.start() + len(address)
    yield _text(text[position:], language)


def _text(text, language):
    return {"t": "text", "v": typographic(text, language)}
