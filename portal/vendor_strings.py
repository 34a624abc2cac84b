"""Strings of libraries that our catalogs say better, declared here so that makemessages keeps them (STACK §1, translation coverage)."""

from django.utils.translation import gettext_noop

STRINGS = (
    gettext_noop("Enter a valid email address."),  # Django's French says "courriel" (glossary error.email)
)
