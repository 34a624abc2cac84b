"""Makes the fonts of the PDFs: cuts what our four languages need out of Debian's Noto, and writes down what they can show.

By hand, when a font or the choice of characters changes (no test and no server runs it):

    apt-get install --no-install-recommends fonts-noto-core fonts-noto-cjk && pip install fonttools
    python escalations/pdf/fonts/make_fonts.py

Latin, Greek and Cyrillic come from Noto Sans; kana, every character of JIS X 0213 and of Windows' code page 932, and
common signs from Noto Sans CJK JP. Names of people need more than JIS X 0208 ("髙", "﨑", "𠮷").
"""

import subprocess
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
NOTO = Path("/usr/share/fonts")
LETTERS = "0020-007E 00A0-024F 0300-036F 0370-03FF 0400-052F 1E00-1EFF 2000-206F 2070-209F 20A0-20BF 2100-215F FFFD"
SIGNS = "2000-206F 2100-22FF 2300-23FF 2460-27BF 2B00-2BFF 3000-33FF FE30-FE4F FF00-FFEF"
NAMES = "𠮷𡈽𣘺𡶡𠀋𤭖𦹀"
FONTS = {
    "NotoSans-Regular.ttf": ("truetype/noto/NotoSans-Regular.ttf", "kern,mark,mkmk,ccmp,locl"),
    "NotoSans-Bold.ttf": ("truetype/noto/NotoSans-Bold.ttf", "kern,mark,mkmk,ccmp,locl"),
    "NotoSansCJKjp-Regular.otf": ("opentype/noto/NotoSansCJK-Regular.ttc", "kern,ccmp"),
    "NotoSansCJKjp-Bold.otf": ("opentype/noto/NotoSansCJK-Bold.ttc", "kern,ccmp"),
}


def spans(text):
    """The code points of "0020-007E 2116"."""
    for span in text.split():
        first, _, latest = span.partition("-")
        yield from range(int(first, 16), int(latest or first, 16) + 1)


def japanese():
    """The code points of JIS X 0213, of code page 932 (without private use), and of names that are in neither."""
    yield from map(ord, NAMES)
    for codec in ("shift_jis_2004", "cp932"):
        for lead in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
            for trail in range(0x40, 0xFD):
                text = bytes([lead, trail]).decode(codec, "ignore")
                yield from (ord(character) for character in text if not "\ue000" <= character <= "\uf8ff")


def cut(name, source, features, code_points):
    options = [f"--unicodes={','.join(f'{point:X}' for point in sorted(code_points))}", f"--layout-features={features}"]
    options += ["--no-hinting", "--font-number=0", f"--output-file={HERE / name}"]
    subprocess.check_call([sys.executable, "-m", "fontTools.subset", str(NOTO / source), *options])


def covered(family):
    """The code points that regular and bold both have."""
    return set.intersection(*(set(TTFont(HERE / name).getBestCmap()) for name in FONTS if name.startswith(family)))


def lines(code_points):
    """Runs of code points, "0020-007E" or "2116", one a line."""
    points = sorted(code_points)
    firsts = [point for point in points if point - 1 not in code_points]
    lasts = [point for point in points if point + 1 not in code_points]
    return [f"{first:04X}" + (f"-{latest:04X}" if latest > first else "") for first, latest in zip(firsts, lasts, strict=True)]


if __name__ == "__main__":
    wanted = {"NotoSans-": set(spans(LETTERS)), "NotoSansCJKjp-": {*spans("0020-007E"), *spans(SIGNS), *japanese()}}
    for name, (source, features) in FONTS.items():
        cut(name, source, features, wanted[f"{name.split('-')[0]}-"])
    shown = covered("NotoSans-") | covered("NotoSansCJKjp-")
    (HERE / "characters.txt").write_text("\n".join(lines(shown)) + "\n")
