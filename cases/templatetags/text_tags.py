"""Stored texts in pages: `{{ text|rendered }}`."""

from django import template
from django.utils.safestring import mark_safe

from cases.text_rendering import render_text

register = template.Library()


@register.filter
def rendered(text):
    """The HTML of a stored text; the only place where words of people are trusted, because `render_text` made them safe."""
    return mark_safe(render_text(text))
