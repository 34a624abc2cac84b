"""A CSV that is safe to open and streamed while its rows are read: constant memory, any size (HOUSE "Admin", SPEC 11).

UTF-8 with a byte order mark; moments are ISO 8601 with the offset of the reader's zone; no cell is ever the beginning of a formula.
"""

import csv
from datetime import datetime

from django.http import StreamingHttpResponse

FORMULA_SIGNS = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet that meets one of these first may run what follows
BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet reads Japanese and Russian names as noise


def streamed(lines, *, filename):
    """The lines of a CSV as an answer that is sent while they are made."""
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "X-Accel-Buffering": "no"},
    )


def lines_of(header, rows, *, time_zone):
    """The lines of a CSV: byte order mark, header, one line for each row of values. `time_zone` is a ZoneInfo."""
    write = csv.writer(_Echo()).writerow
    yield BYTE_ORDER_MARK + write(header)
    for row in rows:
        yield write([_cell(value, time_zone) for value in row])


def safe_text(text):
    """The text as a spreadsheet may show it: never the beginning of a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _cell(value, time_zone):
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, datetime):
        return value.astimezone(time_zone).isoformat(timespec="seconds")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


class _Echo:
    """What `csv.writer` needs: a file that gives back what is written."""

    def write(self, line):
        return line
