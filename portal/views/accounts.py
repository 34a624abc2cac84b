"""Language and preferences of the person at the screen (UX C15)."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.forms import PreferencesForm


def safe_next(request):
    """The page to go back to: ours, or the home page."""
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if is_ours else "/"


@login_not_required
@require_POST
def set_language(request):
    """Switch the language: for a signed-in person in their preferences, for anybody in a cookie."""
    response = HttpResponseRedirect(safe_next(request), status=303)
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES) or not check_for_language(language):
        return response
    if request.user.is_authenticated:
        request.user.language = language
        request.user.save(update_fields=["language"])
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@require_POST
def set_live_updates(request):
    """Turn the refreshing of open pages on or off, from the switch beside what refreshes (UX 4.6, WCAG 2.2.2)."""
    request.user.live_updates = request.POST.get("live") == "on"
    request.user.save(update_fields=["live_updates"])
    return HttpResponseRedirect(safe_next(request), status=303)


def preferences(request):
    """C15: name, language, time zone, theme, live updates."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your changes have been saved."))
        return HttpResponseRedirect(reverse("preferences"), status=303)
    return render(request, "portal/preferences.html", {"form": form}, status=422 if form.errors else 200)
