import re
import time

import pytest
from django.template import Context, Template

from cases.text_rendering import DEEPEST, render_text

LINK = '<a href="https://x.example/a?b=1&amp;c=2" rel="nofollow noopener">https://x.example/a?b=1&amp;c=2</a>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>\n"),
        ("```json\n{<b>}\n```", "<pre><code>{&lt;b&gt;}\n</code></pre>\n"),
        ("`a_b` c", "<p><code>a_b</code> c</p>\n"),
        ("see https://x.example/a?b=1&c=2.", f"<p>see {LINK}.</p>\n"),
        (
            "会話はhttps://x.example/です。",
            '<p>会話は<a href="https://x.example/" rel="nofollow noopener">https://x.example/</a>です。</p>\n',
        ),
        ("[here](https://x.example)", '<p><a href="https://x.example" rel="nofollow noopener">here</a></p>\n'),
        ("<me@x.example>", '<p><a href="mailto:me@x.example" rel="nofollow noopener">me@x.example</a></p>\n'),
        # as typed
        ("# no heading\n====\n---", "<p># no heading<br>\n====<br>\n---</p>\n"),
        (r"\\server\share\_x __init__ *.log 5*3*2", r"<p>\\server\share\_x __init__ *.log 5*3*2</p>" + "\n"),
        ("&lt;tag&gt; &copy;", "<p>&amp;lt;tag&amp;gt; &amp;copy;</p>\n"),
        ("[x]: https://x.example", '<p>[x]: <a href="https://x.example" rel="nofollow noopener">https://x.example</a></p>\n'),
    ],
)
def test_text_becomes_html(text, shown):
    assert render_text(text) == shown


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>)",
    "[x](/admin/logout/)",
    "[x](//evil.example)",
    '<a href="#" id="main" class="btn" style="x" data-focus hx-get="/x" onclick="x">y</a>',
    "<svg/onload=alert(1)>",
    '```"onmouseover=alert(1) \n```',
    "<form action=/x><input name=y></form>",
    '<https://x.example/"onclick=alert(1)>',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(text):
    shown = render_text(text)
    tags = re.findall(r"<[^>]*>", shown)
    allowed = re.compile(r'</?(p|pre|code|li|ul)>|<br>|</a>|<a (href="https://[^"]*" )?rel="nofollow noopener">')
    assert [tag for tag in tags if not allowed.fullmatch(tag)] == []


@pytest.mark.parametrize("text", [">" * 60 + " deep", "- " * 60 + "deep", "1. " * 60 + "deep", "x" * 25_001])
def test_what_is_too_deep_or_too_long_is_shown_as_typed(text):
    assert render_text(text) == f"<pre>{text.replace('>', '&gt;')}</pre>"


def test_deepest_allowed_nesting_loses_nothing():
    assert "deep" in render_text(">" * (DEEPEST - 1) + " deep")


@pytest.mark.parametrize(
    "piece", ["[", "*a ", ">", "- ", "`a", "**a*", "[a](<b", "&", "(((((", "[a](", "https://", "<", "|", "\t", "\\"]
)
def test_hostile_repetition_is_rendered_quickly(piece):
    started = time.process_time()
    render_text((piece * 25_000)[:25_000])
    assert time.process_time() - started < 2


def test_filter_renders_in_templates():
    page = Template("{% load text_tags %}{{ text|rendered }}").render(Context({"text": "<b>\n- x"}))
    assert page == "<p>&lt;b&gt;</p>\n<ul>\n<li>x</li>\n</ul>\n"
