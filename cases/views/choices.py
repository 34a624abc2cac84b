"""Which of a reader's own things a page's address asks for."""

from uuid import UUID

from django.http import Http404


def chosen(choices, attribute, asked, otherwise):
    """The choice that was asked for, or `otherwise` where nothing was. Raises Http404 for one that is not among the reader's."""
    if not asked:
        return otherwise
    found = next((choice for choice in choices if getattr(choice, attribute) == asked), None)
    if found is None:
        raise Http404
    return found


def uuid_of(text):
    """The UUID that an address carries, or None. Raises Http404."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error
