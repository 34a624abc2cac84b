"""Files leave the portal here and nowhere else: for whoever may see them, to be saved, never to be shown (SAFETY 8)."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..models import Attachment

HELD = {
    Attachment.Scan.PENDING: _("This file is being checked. Try again in a few minutes."),
    Attachment.Scan.INFECTED: _("Malware was found in this file. It cannot be downloaded."),
}


@require_safe
def attachment(request, pk, name):
    """The file, as a download. `name` is for people; the key finds it."""
    found = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk, removed_at=None)
    if found.scan in HELD:
        raise PermissionDenied(str(HELD[found.scan]))
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
