"""A queued message as an e-mail: subject, text and HTML from one template per kind, in the reader's language and zone (SPEC 10)."""

import re
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from .mails import from_data
from .site_address import mail_domain

SUBJECT_LENGTH = 250
BLANK_LINES = re.compile(r"\s*\n(?:\s*\n)+")


def compose(message):
    """The e-mail of an `OutboxMessage`, to its one recipient. Raises whatever a broken template or foreign data raise."""
    with translation.override(message.language), timezone.override(ZoneInfo(message.time_zone)):
        mail = from_data(message.template, message.data, **_written(message))
        email = EmailMultiAlternatives(
            subject=one_line(_part(message, mail, "mail/_subject.txt")),
            body=BLANK_LINES.sub("\n\n", _part(message, mail, "mail/_frame.txt")).strip() + "\n",
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[message.address],
            headers=_headers(message, mail),
        )
        email.attach_alternative(_part(message, mail, "mail/_frame.html"), "text/html")
    return email


def one_line(text):
    """A header's value: one line of printable characters, so that no second header can be written into it."""
    line = " ".join(text.split())
    return "".join(character for character in line if character.isprintable())[:SUBJECT_LENGTH]


def _part(message, mail, frame):
    context = {"frame": frame, "mail": mail, "language": message.language, "vendor_name": settings.VENDOR_NAME}
    return render_to_string(f"mail/{message.template}.html", context)


def _written(message):
    """What somebody wrote, as it reads now (`mails.WRITTEN`)."""
    text_row = getattr(message.activity, "text_row", None)
    words = {"words": text_row.text, "words_language": text_row.language} if text_row else {}
    return {"subject": message.case.title if message.case else "", **words}


def _headers(message, mail):
    thread = f"<case-{mail.number.lower()}@{mail_domain()}>"  # mail programs show the mails of a case together
    return {
        "Message-ID": message.message_id,
        "In-Reply-To": thread,
        "References": thread,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
