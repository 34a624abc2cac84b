"""The one way from a stored text to HTML (SAFETY 7, UX 4.14): Markdown-lite, then an allow-list. Pure.

Paragraphs, line breaks, lists, quotes, code and links; everything else stands as it was typed, for a log or a path must not lose its
underscores and backslashes. No HTML, no images, no identifiers or classes. A text too long or too deeply nested is shown as it is.
"""

import html
import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST = 25_000  # characters
DEEPEST = 20  # lists in lists, quotes in quotes

TAGS = {"p", "br", "ul", "ol", "li", "blockquote", "pre", "code", "a"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
ADDRESS = re.compile(r"https?://[!#-&(-;=?-_a-z{-~]{1,2000}", re.IGNORECASE)  # letters of other scripts end it: "…です"
TRAILING = ".,;:!?)]}*_~"

MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": DEEPEST + 1}).disable(
    ["heading", "lheading", "hr", "reference", "html_block", "html_inline", "image", "emphasis", "escape", "entity"]
)
CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="nofollow noopener",
)


def render_text(text: str) -> str:
    """HTML of a stored text, safe to put into a page. Nothing of the text is left out."""
    if len(text) > LONGEST:
        return _as_typed(text)
    tokens = MARKDOWN.parse(text)
    if any(token.level >= DEEPEST for token in tokens):
        return _as_typed(text)
    for token in tokens:
        if token.children:
            token.children = [part for child in _outside_links(token.children) for part in child]
    return CLEANER.clean(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))


def _as_typed(text):
    return f"<pre>{html.escape(text)}</pre>"


def _outside_links(children):
    """Each token as a list: texts outside of links are split at the addresses in them."""
    depth = 0
    for child in children:
        depth += child.nesting if child.type in ("link_open", "link_close") else 0
        yield list(_linked(child.content)) if child.type == "text" and not depth else [child]


def _linked(text):
    position = 0
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(TRAILING)
        yield _text(text[position : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": MARKDOWN.normalizeLink(address)})
        yield _text(address)
        yield Token("link_close", "a", -1)
        position = match.start() + len(address)
    yield _text(text[position:])


def _text(content):
    return Token("text", "", 0, content=content)
