from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cases.models.people import LANGUAGES, validate_time_zone

from .on_call import new_token


class StatusSubscriberQuerySet(models.QuerySet):
    def standing(self):
        """What has not been ended, confirmed or not."""
        return self.filter(ended_at__isnull=True)

    def current(self):
        """Whoever confirmed the address and has not ended the subscription."""
        return self.standing().filter(confirmed_at__isnull=False)

    def visible_to(self, user):
        """For those of the care team who keep the status page."""
        may_see = user.is_authenticated and user.is_active and user.is_staff
        return self if may_see and user.has_perm("escalations.view_statussubscriber") else self.none()

    def with_token(self, token):
        """The subscription that a mailed link speaks of, as a queryset of at most one."""
        return self.filter(token=token)


class StatusSubscriber(models.Model):
    """An address that gets the status page's updates by mail: confirmed first, ended by one click (SPEC 7). No account is needed."""

    address = models.EmailField(_("email address"))
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    token = models.CharField(max_length=64, default=new_token, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = StatusSubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("status page subscriber")
        verbose_name_plural = _("status page subscribers")
        constraints = [
            models.UniqueConstraint(Lower("address"), condition=Q(ended_at__isnull=True), name="one_subscription_each")
        ]

    def __str__(self):
        return self.address
