"""Texts and figures of a policy on a page."""

from django import template
from django.utils.html import format_html

from sla import policy_words
from sla.texts import ENGLISH, in_language, is_fallback

register = template.Library()
register.filter("duration_words", policy_words.duration_words)
register.filter("languages_words", policy_words.languages_words)


@register.simple_tag
def words(text):
    """A text in the reader's language; where it had to be taken in English, it is marked so that it is read and shown as English."""
    if is_fallback(text):
        return format_html('<span lang="{}">{}</span>', ENGLISH, in_language(text))
    return in_language(text)


@register.filter
def channel_words(code):
    """ "Phone", "Email": a channel's name."""
    return policy_words.CHANNELS[code]


@register.filter
def topic_words(code):
    """What a note is about."""
    return policy_words.TOPICS[code]


@register.filter
def portal_words(code):
    """What the portal does with a priority."""
    return policy_words.PORTAL_RULES[code]


@register.filter
def case_type_words(code):
    """ "Question", "Request" or "Problem"."""
    return policy_words.CASE_TYPES[code]


@register.filter
def phone_link(number):
    """A phone number as a `tel:` address: digits and the plus alone."""
    return "tel:" + "".join(character for character in number if character.isdecimal() or character == "+")
