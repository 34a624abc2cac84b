"""An invitation to a meeting as an iCalendar file (RFC 5545): what mail and calendar programs read. Pure."""

from datetime import UTC

LONGEST = 75  # octets of a line; the rest goes on in the next one
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def invitation(*, uid, starts_at, ends_at, stamped_at, summary, place, organizer, attendee) -> bytes:
    """The file. `uid` stays the same for the same meeting; moments are aware; `organizer` and `attendee` are mail addresses."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Customer Care//Support portal//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{_text(uid)}",
        f"DTSTAMP:{_moment(stamped_at)}",
        f"DTSTART:{_moment(starts_at)}",
        f"DTEND:{_moment(ends_at)}",
        f"SUMMARY:{_text(summary)}",
        f"LOCATION:{_text(place)}",
        f"ORGANIZER:mailto:{_address(organizer)}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{_address(attendee)}",
        "STATUS:CONFIRMED",
        "SEQUENCE:0",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _text(value):
    return "".join(sign for sign in str(value) if sign >= " " or sign == "\n").translate(ESCAPED)


def _address(value):
    """An address holds no blanks and no controls, so that no second line can be written into it."""
    return "".join(str(value).split())


def _moment(value):
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _folded(line):
    """The line in pieces of at most 75 octets that cut no character; each further one begins with a space."""
    pieces, piece = [], b""
    for sign in line:
        octets = sign.encode()
        if len(piece) + len(octets) > LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
