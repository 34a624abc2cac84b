"""What is wrong with an identifier or a file, in the reader's language: what it is, and what to do about it (UX 4.11)."""

from django.utils.translation import gettext_lazy as _

from .file_sizes import size_text

SECRET_MASKED = _(
    "We found what looks like a password or an API key in your message and masked it. Never share complete credentials in a case."
)
SHORT_NAME = _("Enter a valid organization short name: letters, digits, and hyphens only.")
ORGANIZATION_ID = _("Enter a valid organization ID.")
LOOKALIKES = _(
    "These letters belong to another alphabet and only look like Latin ones: %(characters)s. Copy the value instead of typing it."
)

SHORT_NAME_SENTENCES = {
    "short_name_characters": [SHORT_NAME],
    "lookalike_letters": [SHORT_NAME, LOOKALIKES],
    "too_long": [SHORT_NAME, _("It has at most %(max)s characters.")],
    "unknown": [_("“%(name)s” is not the short name of one of your organizations. Yours: %(names)s.")],
    "of_other": [_("“%(name)s” is the short name of %(other)s, but this case is for %(organization)s.")],
}
ORGANIZATION_ID_SENTENCES = {
    "uuid_characters": [
        ORGANIZATION_ID,
        _("Only digits, the letters a to f and hyphens can be part of it, not: %(characters)s"),
    ],
    "uuid_length": [ORGANIZATION_ID, _("It has 32 digits and letters; yours has %(count)s.")],
    "uuid_form": [ORGANIZATION_ID, _("Its hyphens divide it into groups of 8, 4, 4, 4 and 12 digits and letters.")],
    "uuid_nil": [ORGANIZATION_ID, _("This one has only zeros and belongs to nobody.")],
    "lookalike_letters": [ORGANIZATION_ID, LOOKALIKES],
    "too_long": [ORGANIZATION_ID, _("The text has %(length)s characters; the ID has 36 with its hyphens.")],
    "of_other": [_("This is the ID of %(other)s, but this case is for %(organization)s.")],
    "unknown": [_("This is not the ID of %(organization)s. Copy it from your organization’s settings.")],
}
CONVERSATION_IDS_SENTENCES = {
    "uuid_characters": [_("“%(value)s” is not a conversation ID. Copy the ID or the link of the interaction.")],
    "uuid_length": [_("“%(value)s” is not a whole conversation ID: it has %(count)s digits and letters instead of 32.")],
    "uuid_form": [_("“%(value)s” is not a conversation ID: its hyphens stand in the wrong places.")],
    "uuid_nil": [_("“%(value)s” has only zeros and is the ID of no conversation.")],
    "lookalike_letters": [_("“%(value)s” is not a conversation ID."), LOOKALIKES],
    "organization_id_here": [
        _("“%(value)s” is the ID of your organization. Enter the ID of a conversation, or leave the field empty.")
    ],
    "link_without_id": [_("The link “%(value)s” contains no conversation ID. Copy the link of the interaction itself.")],
    "link_with_several_ids": [_("The link “%(value)s” contains %(count)s IDs. Copy the conversation ID alone.")],
    "too_many": [_("These are %(count)s conversation IDs; a case takes at most %(max)s. Attach the others as a file.")],
    "too_long": [_("The text has %(length)s characters; %(max)s are allowed. Attach a longer list as a file.")],
}
FILE_SENTENCES = {
    "file_empty": [_("The file “%(name)s” is empty.")],
    "file_too_large": [_("The file “%(name)s” is too large (%(size)s). The maximum size is %(max)s.")],
    "file_type": [_("Files of type “%(extension)s” are not allowed. Allowed types: %(allowed)s.")],
    "file_content": [_("The content of “%(name)s” is not what its name says. Save it again in its own format, then attach it.")],
    "draft_sent": [_("“%(name)s” was not attached: the message was sent before the file arrived. Attach the file to a reply.")],
    "too_many_files": [_("“%(name)s” was not attached: at most %(max)s files are possible.")],
}


def sentence(problem, sentences):
    """The sentences of a `Problem`, with its values; sizes of files in words."""
    values = dict(problem.params)
    if problem.code == "file_too_large":
        values |= {"size": size_text(values["size"]), "max": size_text(values["max"])}
    return " ".join(str(each) % values for each in sentences[problem.code])


def file_sentence(problem):
    """What is wrong with a file."""
    return sentence(problem, FILE_SENTENCES)
