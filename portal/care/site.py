"""The admin site of the care team: one sign-in with the portal, the care desk's own pages among its URLs (UX D5)."""

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from portal.accounts import lacks_second_factor

from .attention import attention
from .urls import PAGES

HIDDEN_APPS = {"django_q", "account", "socialaccount", "mfa"}  # a Schedule row runs any function; tokens and seeds are secrets


class CareSite(AdminSite):
    """Everything below /admin/: for care staff alone; to a customer it does not exist."""

    site_header = _("Care desk")
    site_title = _("Care desk")
    index_title = _("Records")
    index_template = "care/index.html"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """Take what the apps register, but for the tables of libraries that must not be edited by hand."""
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple | set) else [model_or_iterable]
        shown = [model for model in models if model._meta.app_label not in HIDDEN_APPS]
        super().register(shown, admin_class, **options)

    def get_urls(self):
        care = [path(f"care/{route}", self.admin_view(view), name=view.__name__) for route, view in PAGES]
        return care + super().get_urls()

    def has_permission(self, request):
        """Active care staff, with their second factor passed where the site requires one (SAFETY 2)."""
        return request.user.is_active and request.user.is_staff and not lacks_second_factor(request)

    def admin_view(self, view, cacheable=False):
        """Beside Django's check: somebody signed in who is not care staff gets the same 404 as for a page that is missing."""
        inner = super().admin_view(view, cacheable)

        def checked(request, *args, **kwargs):
            if request.user.is_authenticated and not request.user.is_staff:
                raise Http404
            return inner(request, *args, **kwargs)

        checked.__dict__.update(inner.__dict__)
        return checked

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """There is one sign-in, the portal's; who lacks the second factor is led to setting it up (SAFETY 2)."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or request.path.removesuffix("login/"))
        if not request.user.is_staff:
            raise Http404
        return redirect("admin:index" if self.has_permission(request) else "mfa_index")

    def index(self, request, extra_context=None):
        """The records, below what needs attention now (SPEC 11)."""
        told = attention(request.user, now=timezone.now())
        return super().index(request, {"attention": told, **(extra_context or {})})
