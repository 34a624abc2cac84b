"""Who gets the status page's updates by mail: to be looked at, and to be ended for whoever asks the care team for it (SPEC 7)."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from escalations.actions.subscriptions import end_subscription
from escalations.models import StatusSubscriber

from .records import ReadOnly, RecordAdmin


@admin.register(StatusSubscriber)
class StatusSubscriberAdmin(ReadOnly, RecordAdmin):
    """Subscriptions begin and change by mailed links alone."""

    list_display = ["address", "language", "created_at", "confirmed_at", "ended_at"]
    list_filter = ["language"]
    search_fields = ["address"]
    ordering = ["-pk"]
    actions = ["end"]

    def has_end_permission(self, request):
        """Who may keep subscribers; asked again by the action."""
        return request.user.has_perm("escalations.change_statussubscriber")

    @admin.action(description=_("End subscription"), permissions=["end"])
    def end(self, request, queryset):
        subscribers = list(queryset.standing())
        for subscriber in subscribers:
            end_subscription(subscriber, by=request.user, now=timezone.now())
        words = ngettext("%(count)s subscription was ended.", "%(count)s subscriptions were ended.", len(subscribers))
        self.message_user(request, words % {"count": len(subscribers)})
