from allauth.account.views import logout
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from portal.views import accounts, health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", accounts.set_language, name="set_language"),
    path("live-updates/", accounts.set_live_updates, name="set_live_updates"),
    path("preferences/", accounts.preferences, name="preferences"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("account/", include("portal.account_urls")),
    path("admin/logout/", logout, name="admin_logout"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password"), name="admin_password_change"),
    path("admin/", admin.site.urls),
    path("", include("cases.urls")),
    path("", include("escalations.urls")),
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.permission_denied"
handler404 = "portal.views.errors.not_found"
handler429 = "portal.views.errors.too_many_requests"  # asked for by allauth
handler500 = "portal.views.errors.server_error"
