import zoneinfo

from django.utils import timezone, translation


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
