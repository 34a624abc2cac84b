from django.contrib import admin
from django.urls import include, path

from portal.views import home

urlpatterns = [
    path("", home.home, name="home"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("cases.urls")),
]
