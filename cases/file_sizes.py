"""Sizes of files in words."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def size_text(size):
    """ "10 MB" of bytes; a KB has 1024, as in the limits that people are told (glossary format.file_size)."""
    if size < 1024 * 1024:
        return _("%(size)s KB") % {"size": number_format(max(1, round(size / 1024)))}
    megabytes = round(size / 1024 / 1024, 1)
    return _("%(size)s MB") % {"size": number_format(int(megabytes) if megabytes.is_integer() else megabytes)}
