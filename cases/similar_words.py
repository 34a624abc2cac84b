"""How alike two subjects are, in any of our languages: for the hint that a problem may have been reported already (SPEC 2). Pure."""

import re
import unicodedata

WORD = re.compile(r"[^\W_]+")
# Chinese characters and kana are written without spaces: pairs of neighbors stand for words.
JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff]+")
LEAST = 0.3  # of the words of the shorter text
STEM = 5  # letters: endings do not matter ("calls", "called", «вызовы», «вызовов»)


def words_of(text):
    """The words of a text that say what it is about: folded, cut to their beginning, without the shortest."""
    text = unicodedata.normalize("NFKC", text[:500]).casefold().replace("ё", "е")
    pairs = {run[start : start + 2] for run in JAPANESE.findall(text) for start in range(len(run) - 1)}
    return pairs | {word[:STEM] for word in WORD.findall(JAPANESE.sub(" ", text)) if len(word) > 2}


def likeness(one, other):
    """From 0 (nothing in common) to 1: the share of the common words in the smaller of two sets of words."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def most_alike(text, candidates, *, most=3):
    """Of pairs (subject, thing), the things whose subjects are most like `text`: the likest first, of equals the one with more in common."""
    words = words_of(text)
    subjects = [(words_of(subject), thing) for subject, thing in candidates]
    alike = [(each, thing) for each, thing in subjects if likeness(words, each) >= LEAST]
    alike.sort(key=lambda pair: (-likeness(words, pair[0]), -len(words & pair[0])))
    return [thing for _words, thing in alike[:most]]
