from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _

from portal import checks  # noqa: F401 (importing registers them)


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")
    default_auto_field = "django.db.models.BigAutoField"


class CareAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with the care desk as its site."""

    default = False  # or it would be taken for the portal's own
    default_site = "portal.care.site.CareSite"
