"""The draft of a reply and its files, for the form without JavaScript: the customer's and the care team's."""

from .. import actions
from ..models import Attachment, Draft
from ..problem import Problem
from ..problem_words import file_sentence


def keep_files(request, page):
    """Keep the files that came with the form with the draft of the reply. Returns a sentence for each that was not taken."""
    uploads = request.FILES.getlist("files")
    if not uploads:
        return []
    draft, errors = save_reply(request, page), []
    for upload in uploads:
        try:
            actions.keep_file(upload, draft=draft, by=request.user, now=page.now)
        except Problem as problem:
            errors.append(file_sentence(problem))
    return errors


def save_reply(request, page):
    """Keep what was typed. Returns the draft."""
    data = {"text": request.POST.get("text", "")}
    return actions.save_draft(page.draft_code, by=request.user, kind=Draft.Kind.REPLY, case=page.case, data=data, now=page.now)


def take_off_file(request, page):
    """Keep what was typed, and remove the file whose button was pressed."""
    save_reply(request, page)
    key = request.POST["remove"]
    mine = Attachment.objects.visible_to(request.user).filter(activity=None, draft__case=page.case, draft__user=request.user)
    attachment = mine.filter(pk=key).first() if key.isdecimal() and key.isascii() and len(key) < 19 else None
    if attachment:
        actions.remove_file(attachment)
