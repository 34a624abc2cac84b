"""Files that customers of the demo attach: a screenshot drawn on the spot, logs of a browser's console."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from .story import File

SIZE = (960, 540)
PAPER, INK, BAR, RED, GREY = "#f4f6f8", "#1c2733", "#22405f", "#b3261e", "#c7d0d9"


def screenshot(name, title, *lines):
    """A PNG of a window with a bar, a table and an error box. Latin letters only: the drawing font has no others."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 56), fill=BAR)
    draw.text((24, 16), title, fill="white", font=ImageFont.load_default(22))
    for row in range(6):
        draw.rectangle((24, 88 + row * 44, SIZE[0] - 24, 88 + row * 44 + 30), outline=GREY, fill="white")
        draw.rectangle((40, 98 + row * 44, 240 + 37 * (row % 3), 108 + row * 44), fill=GREY)
    draw.rectangle((220, 180, 740, 180 + 60 + 30 * len(lines)), outline=RED, fill="white", width=3)
    for index, line in enumerate(lines):
        draw.text((248, 206 + index * 30), line, fill=RED if index == 0 else INK, font=ImageFont.load_default(18))
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    return File(name, "image/png", content.getvalue())


def console_log(name, *messages):
    """A browser's console log with these messages, a few seconds apart."""
    start = datetime(2026, 1, 5, 8, 40, 12, tzinfo=UTC)
    lines = [
        f"{(start + timedelta(seconds=7 * index)).isoformat(timespec='milliseconds')} {message}"
        for index, message in enumerate(messages)
    ]
    return File(name, "text/plain", ("\n".join(lines) + "\n").encode())
