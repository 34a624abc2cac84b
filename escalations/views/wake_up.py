"""The page that a wake-up leads to: what waits, and the button "I am on it". It asks for no sign-in at night, and tells no customer's words."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..models import WakeUp
from ..waking import acknowledge


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def wake_up(request, token):
    """GET shows; POST says that one is on it: the signed-in colleague, or else whoever was called last. The token is the permission."""
    found = get_object_or_404(WakeUp.objects.with_token(token).select_related("case", "incident", "person", "acknowledged_by"))
    if request.method == "POST":
        by = _who(request.user, found)
        if by is None:  # nobody was called yet, so the link comes from nowhere
            raise PermissionDenied(_("Sign in as a member of the care team."))
        acknowledge(found, by=by, now=timezone.now())
        return HttpResponseRedirect(reverse("wake_up", args=[token]), status=303)
    return render(request, "escalations/wake_up.html", {"wake_up": found})


def _who(user, found):
    is_colleague = user.is_authenticated and WakeUp.objects.visible_to(user).filter(pk=found.pk).exists()
    return user if is_colleague else found.person
