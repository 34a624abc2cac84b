"""The frame around every page: what the base template needs, once."""

from django.conf import settings


def page_frame(request):
    """Context of `templates/base.html`: brand, demo banner, languages."""
    return {"brand": settings.BRAND, "vendor_name": settings.VENDOR_NAME, "is_demo": settings.DEMO}
