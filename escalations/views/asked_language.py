"""Pages for people without an account or a cookie: `?lang=` chooses the language, before cookie and browser."""

from functools import wraps

from django.conf import settings
from django.utils import translation


def asked_language(request):
    """The language of `?lang=`, where it is one of ours; else the reader's."""
    asked = request.GET.get("lang")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE


def in_asked_language(view):
    """Run the view in the language of `?lang=`."""

    @wraps(view)
    def in_language(request, *args, **kwargs):
        with translation.override(asked_language(request)):
            return view(request, *args, **kwargs)

    return in_language
