"""A queued message as an e-mail: subject, text and HTML from one template per kind, in the reader's language and zone (SPEC 10)."""

import re
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sla.texts import ENGLISH, in_language, is_fallback

from .calendar_file import invitation
from .case_mails import MeetingArranged
from .mails import KINDS, NAMES, CaseMail, from_data
from .site_address import mail_domain

SUBJECT_LENGTH = 250
BLANK_LINES = re.compile(r"\s*\n(?:\s*\n)+")


def compose(message):
    """The e-mail of an `OutboxMessage`, to its one recipient. Raises whatever a broken template or foreign data raise."""
    with translation.override(message.language), timezone.override(ZoneInfo(message.time_zone)):
        mail = from_data(message.template, message.data, **_written(message))
        email = EmailMultiAlternatives(
            subject=_subject(mail, message.language),
            body=_text(mail, message.language),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[message.address],
            headers=_headers(message, mail),
        )
        email.attach_alternative(_part(mail, f"mail/_{mail.frame}.html", message.language), "text/html")
        if isinstance(mail, MeetingArranged):
            email.attach("invitation.ics", invitation_of(mail, attendee=message.address), "text/calendar; method=REQUEST")
    return email


def invitation_of(mail, *, attendee):
    """The invitation file of an arranged discussion; the same one in the mail and in the portal."""
    return invitation(
        uid=f"meeting-{mail.request}@{mail_domain()}",
        starts_at=mail.meets_at,
        ends_at=mail.ends_at,
        stamped_at=mail.arranged_at,
        summary=_("Follow-up discussion on case %(number)s") % {"number": mail.number},
        place=mail.words,
        organizer=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        attendee=attendee,
    )


def preview(mail, *, language):
    """Subject and text of a mail as they will be sent, for whoever has it sent."""
    with translation.override(language):
        return _subject(mail, language), _text(mail, language)


def _subject(mail, language):
    return one_line(_part(mail, "mail/_subject.txt", language))


def _text(mail, language):
    return BLANK_LINES.sub("\n\n", _part(mail, f"mail/_{mail.frame}.txt", language)).strip() + "\n"


def one_line(text):
    """A header's value: one line of printable characters, so that no second header can be written into it."""
    line = " ".join(text.split())
    return "".join(character for character in line if character.isprintable())[:SUBJECT_LENGTH]


def _part(mail, frame, language):
    context = {"frame": frame, "mail": mail, "language": language, "vendor_name": settings.VENDOR_NAME}
    return render_to_string(f"mail/{NAMES[type(mail)]}.html", context)


def _written(message):
    """What somebody wrote in the case, as it reads now (`mails.WRITTEN`)."""
    if not issubclass(KINDS[message.template], CaseMail):
        return {}
    return {"subject": message.case.title if message.case else "", **_words_of(message.activity, message.language)}


def _words_of(activity, language):
    """The text of the activity as it was written; the care team's own words on an incident in the reader's language, or in English."""
    if translated := activity and activity.data.get("words"):
        words_language = ENGLISH if is_fallback(translated, language) else language
        return {"words": in_language(translated, language), "words_language": words_language}
    text_row = getattr(activity, "text_row", None)
    return {"words": text_row.text, "words_language": text_row.language} if text_row else {}


def _headers(message, mail):
    thread = f"<{mail.thread}@{mail_domain()}>"  # mail programs show the mails of a case together
    return {
        "Message-ID": message.message_id,
        "In-Reply-To": thread,
        "References": thread,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **mail.headers,
    }
