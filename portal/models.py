from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """A sign of life of the worker, written by a job of its queue: `readyz` and the care desk see when it stops (SAFETY 6)."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    beat_at = models.DateTimeField(_("latest sign of life"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return f"{self.name} {self.beat_at:%Y-%m-%d %H:%M}"
