"""The frame around every page: what the base templates need, worked out only when a page asks for it."""

from dataclasses import dataclass
from functools import cache, partial
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.permissions import can_see_reports, can_take_next
from escalations.permissions import can_see_documents, can_see_escalations, can_see_incidents
from portal import heartbeat


@dataclass(frozen=True, slots=True)
class NavigationItem:
    url: str
    label: str
    is_current: bool


def page_frame(request):
    """Context of `templates/base.html` and `templates/care/base.html`; the callables cost nothing until they are used."""
    user = getattr(request, "user", None)
    return {
        "brand": settings.BRAND,
        "vendor_name": settings.VENDOR_NAME,
        "is_demo": settings.DEMO,
        "language_choices": settings.LANGUAGES,
        "theme": "" if user is None or not user.is_authenticated or user.theme == user.Theme.SYSTEM else user.theme,
        "live": "on" if user is not None and user.is_authenticated and user.live_updates else "off",
        "navigation": partial(navigation, request),
        "new_case_url": cache(partial(new_case_url, request)),  # asked for more than once a page
        "help_phone": settings.HELP_PHONE,
        "care_navigation": partial(care_navigation, request),
        "sweep_is_late": sweep_is_late,
        "care_home_url": partial(reverse, "admin:care_queue"),
        "take_next_url": partial(take_next_url, request),
        "form_key": uuid4,  # for a form of one button (SAFETY 5)
    }


def navigation(request):
    """The customers' pages; staff find the way to the care desk."""
    pages = [("home", _("Home")), ("case_list", _("Cases")), ("rca_list", _("RCAs")), ("support_policy", _("How we support you"))]
    if request.user.is_staff:
        pages.append(("admin:care_queue", _("Care desk")))
    return _items(request, pages)


def care_navigation(request):
    """The care desk's pages."""
    pages = [
        ("admin:care_queue", _("Queue")),
        ("admin:care_cases", _("All cases")),
        *([("admin:care_escalations", _("Escalations"))] if can_see_escalations(request.user) else []),
        *([("admin:care_incidents", _("Incidents"))] if can_see_incidents(request.user) else []),
        *([("admin:care_rcas", _("RCAs"))] if can_see_documents(request.user) else []),
        ("admin:care_phone", _("Phone intake")),
        *([("admin:care_sla", _("SLA compliance"))] if can_see_reports(request.user) else []),
        ("admin:index", _("Records")),
    ]
    return _items(request, pages)


def new_case_url(request):
    """Where to open a case; empty for whoever may not open one."""
    if not request.user.is_authenticated or request.user.is_staff:
        return ""
    return reverse("new_case") if request.user.belongings.is_contact else ""


def take_next_url(request):
    """Where the care desk's "Take next case" posts; empty for whoever may not take cases."""
    return reverse("admin:care_take_next") if can_take_next(request.user) else ""


def sweep_is_late():
    """Should the care desk say that nothing is being announced?"""
    return heartbeat.sweep_is_late(now=timezone.now())


def _items(request, pages):
    found = [(reverse(name), label) for name, label in pages]
    return [NavigationItem(url, label, _is_current(request.path, url)) for url, label in found]


def _is_current(path, url):
    return path == url if url in ("/", reverse("admin:index")) else path.startswith(url)
