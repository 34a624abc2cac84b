import zoneinfo

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import Error
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.accounts import lacks_second_factor
from portal.kept_text import page_of_form, typed_text
from portal.views.errors import error_page


class ReaderMiddleware:
    """Show every page in the reader's own language and time zone (SPEC 10); signed-in answers are never kept by caches (SAFETY 2).

    To what a customer belongs is asked once a request: it decides what each of its queries may find. The status page stands without the
    database (SPEC 7): while that cannot tell who asks, its readers are nobody in particular.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            user = self._user_of(request)
        except Error:
            if not request.path.startswith(reverse("status_page")):
                raise
            user = self._sign_out_for_now(request)
        if not user.is_authenticated:
            return self.get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store, private")
        return response

    @staticmethod
    def _user_of(request):
        user = request.user
        if user.is_authenticated and not user.is_staff:
            user.keep_belongings()
        return user

    @staticmethod
    def _sign_out_for_now(request):
        """Without its database the portal knows nobody: this request, as if it came without a session, and the session stays as it is."""
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        request.session = type(request.session)()
        request.user = AnonymousUser()
        return request.user


class ErrorPageMiddleware:
    """A page for the one error that Django answers with an empty body: the wrong method."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = error_page(request, 405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


class SignedInMiddleware(LoginRequiredMiddleware):
    """Deny by default (SAFETY 2). Whoever's session ended keeps what they typed:

    a page leads to sign-in and back, an htmx GET takes the whole window there, and a form that was sent gets its own words back.
    Where the site requires it, care staff without a second factor are led to setting one up.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        refusal = super().process_view(request, view_func, view_args, view_kwargs)
        if refusal or not settings.REQUIRE_SECOND_FACTOR or not getattr(view_func, "login_required", True):
            return refusal
        may_set_it_up = request.path.startswith("/account/")
        return None if may_set_it_up or not lacks_second_factor(request) else self._lead_to_second_factor(request)

    @staticmethod
    def _lead_to_second_factor(request):
        if is_mfa_enabled(request.user):
            messages.warning(request, _("To go on, sign out and sign in again with your second factor."))
        else:
            messages.warning(request, _("The care team signs in with a second factor. To go on, set one up."))
        return redirect("mfa_index")

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
