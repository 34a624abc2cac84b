import zoneinfo

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import render, resolve_url
from django.utils import timezone, translation
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from portal.kept_text import page_of_form, typed_text


class ReaderMiddleware:
    """Show every page in the reader's own language and time zone (SPEC 10); signed-in answers are never kept by caches (SAFETY 2)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store, private")
        return response


class SignedInMiddleware(LoginRequiredMiddleware):
    """Deny by default (SAFETY 2). Whoever's session ended keeps what they typed:

    a page leads to sign-in and back, an htmx GET takes the whole window there, and a form that was sent gets its own words back.
    """

    def handle_no_permission(self, request, view_func):
        if request.method == "POST":
            return self._give_back(request)
        if request.htmx:
            return HttpResponseClientRedirect(self._sign_in_url(request.htmx.current_url_abs_path or "/"))
        return super().handle_no_permission(request, view_func)

    def _give_back(self, request):
        template = "components/_signed_out.html" if request.htmx else "401.html"
        url = self._sign_in_url(page_of_form(request))
        return render(request, template, {"sign_in_url": url, "typed": typed_text(request.POST)}, status=401)

    @staticmethod
    def _sign_in_url(page):
        return f"{resolve_url('account_login')}?{urlencode({'next': page})}"
