from django.db import models
from django.utils.translation import gettext_lazy as _


class Calendar(models.Model):
    """When the care team works. Its content lives in versions; a case keeps the version it was opened under (SPEC 5)."""

    code = models.SlugField(_("code"), unique=True)
    name = models.JSONField(_("name"), default=dict, help_text=_("One text for each language; English is required."))

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")

    def __str__(self):
        return self.code


class CalendarVersion(models.Model):
    """A frozen state of a calendar. Published versions are never changed.

    `definition` has the form of shared/vectors/README.md, with two differences: `tz` may be absent (the customer's zone counts), and
    `holidays` is a dict of country code -> list of [date, name], of which a case uses its organization's country (key "*": everybody);
    `extra_days` a dict of country code -> list of dates in the same way.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions", verbose_name=_("calendar"))
    number = models.PositiveIntegerField(_("number"))
    definition = models.JSONField(_("definition"))
    digest = models.CharField(_("digest"), max_length=64, blank=True)  # of the file's words, not of the holidays that were copied
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_once")]

    def __str__(self):
        return f"{self.calendar.code} {self.number}"
