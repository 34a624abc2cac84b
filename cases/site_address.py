"""The portal's own address, for mails."""

from urllib.parse import urlsplit

from django.conf import settings


def absolute_url(path):
    """The address of a page as it stands in a mail."""
    return settings.SITE_URL.rstrip("/") + path


def mail_domain():
    """The host name of the portal, for Message-IDs."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"
