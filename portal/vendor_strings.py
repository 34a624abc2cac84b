"""Strings of libraries that our catalogs say better, declared here so that makemessages keeps them (STACK §1, translation coverage)."""

from django.utils.translation import gettext_noop, ngettext_lazy

STRINGS = (
    gettext_noop("Enter a valid email address."),  # Django's French says "courriel" (glossary error.email)
    # Django's Japanese says あなた, its Russian writes no ё (glossary-notes §5, §6)
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
)
