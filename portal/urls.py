from django.contrib import admin
from django.urls import include, path

from portal.views import accounts, home

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", accounts.set_language, name="set_language"),
    path("preferences/", accounts.preferences, name="preferences"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("cases.urls")),
]
