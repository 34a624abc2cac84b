"""Error pages in the reader's language (UX C17): what happened, what to do; as a banner where htmx asked. 500 and 503 need no database."""

import logging
import secrets
import sys
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.kept_text import page_of_form, typed_text

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    heading: str
    text: str


PAGES = {
    400: Page(
        _("This request cannot be read"), _("Go back and try again. If it happens again, tell the care team what you did.")
    ),
    403: Page(
        _("You do not have permission to view this page."),
        _("Ask your organization’s primary contact, or the care team, who may do this."),
    ),
    404: Page(
        _("This page does not exist"),
        _("Check the address. A case that is not your organization’s cannot be found here either."),
    ),
    405: Page(_("This cannot be opened like a page"), _("Go back to the page before and use its button.")),
    413: Page(_("This is too large"), _("Send fewer or smaller files: each file up to 25 MB, at most 10 files.")),
    429: Page(_("Too many attempts"), _("Wait a few minutes, then try again.")),
    500: Page(
        _("Something went wrong. Try again later."), _("The fault is ours, and it has been recorded. Your drafts are safe.")
    ),
    503: Page(_("The portal is not available at the moment"), _("Try again in a few minutes. Your drafts are safe.")),
}
RETRY_AFTER = {429: 300, 503: 120}  # seconds


def bad_request(request, exception):
    """400; 413 where the request was larger than we take."""
    is_too_large = isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent)
    return error_page(request, 413 if is_too_large else 400)


def permission_denied(request, exception):
    """403, with the reason where the view gave one."""
    return error_page(request, 403, reason=str(exception))


def not_found(request, exception):
    """404: missing, or not yours; nobody can tell which."""
    return error_page(request, 404)


def too_many_requests(request):
    """429, called by allauth's limits."""
    return error_page(request, 429)


def server_error(request):
    """500, or 503 while the database is away; neither asks the database for anything."""
    is_database = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if is_database else 500
    reference = secrets.token_hex(4).upper()
    logger.error("Error page %s, reference %s, at %s", status, reference, request.path)
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
    with translation.override(language):
        template = "components/_error_banner.html" if is_htmx(request) else "500.html"
        html = render_to_string(template, {"page": PAGES[status], "reference": reference, "language": language})
    return _with_retry(HttpResponse(html, status=status), status)


def csrf_failure(request, reason=""):
    """A form whose protection ran out (signed in or out meanwhile, cookies refused): nothing saved, but no word lost."""
    context = {"typed": typed_text(request.POST), "page": page_of_form(request)}
    template = "components/_form_expired.html" if is_htmx(request) else "403_csrf.html"
    return render(request, template, context, status=403)


def error_page(request, status, *, reason=""):
    """The page of this status, or its banner for htmx."""
    template = "components/_error_banner.html" if is_htmx(request) else "error.html"
    context = {"page": PAGES[status], "status": status, "reason": reason, "reference": ""}
    return _with_retry(render(request, template, context, status=status), status)


def is_htmx(request):
    """Did htmx ask? Also where the middleware that tells has not run yet."""
    return request.headers.get("HX-Request") == "true"


def _with_retry(response, status):
    if status in RETRY_AFTER:
        response.headers["Retry-After"] = str(RETRY_AFTER[status])
    return response
