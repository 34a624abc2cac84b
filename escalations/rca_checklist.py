"""What somebody should look at before a document is published: it can be right all the same (UX S9). Pure."""

from django.utils.translation import gettext as _

from .printable import unprintable_characters
from .rca_sections import LANGUAGES


def warnings_of(sections, timeline, actions, names) -> list[str]:
    """Sentences: customers named in a text that all of them will read, no action, characters that a PDF cannot show. `names`: of linked customers."""
    texts = list(_texts(sections, timeline, actions))
    named = [name for name in names if any(name.casefold() in text.casefold() for text in texts)]
    found = [_("A text names the customer “%(name)s”. Every affected customer reads it.") % {"name": name} for name in named]
    strange = list(dict.fromkeys(character for text in texts for character in unprintable_characters(text)))
    if not actions:
        found.append(_("There is no corrective or preventive action yet."))
    if strange:
        found.append(_("A PDF cannot show these characters: %(characters)s") % {"characters": " ".join(strange)})
    return found


def _texts(sections, timeline, actions):
    of_all = [*sections.values(), *(row["words"] for row in timeline), *(action.words for action in actions)]
    return (words[language] for words in of_all for language in LANGUAGES if words.get(language))
