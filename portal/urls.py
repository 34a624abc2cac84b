from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from portal.views import accounts, home

# One sign-in for portal and admin. Must stand before `admin.site.urls` is evaluated: afterwards it has no effect, and says nothing (STACK 2.5).
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", accounts.set_language, name="set_language"),
    path("preferences/", accounts.preferences, name="preferences"),
    path("account/", include("portal.account_urls")),
    path("admin/logout/", logout, name="admin_logout"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password"), name="admin_password_change"),
    path("admin/", admin.site.urls),
    path("", include("cases.urls")),
]
