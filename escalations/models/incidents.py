from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Case, User
from cases.models.visibility import seen_case
from sla.texts import in_language

PREFIX = "INC-"
FIRST_NUMBER = 1_000  # INC-1014 is the incident with key 14
LONGEST = 12  # digits of a number


class Region(models.Model):
    """A cloud region of the platform: `Organization.cloud_region` holds its code. Not the support region, not the phone region (HOUSE)."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.JSONField(_("name"), default=dict)  # a text for each language
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = models.Manager()

    class Meta:
        verbose_name = _("cloud region")
        verbose_name_plural = _("cloud regions")
        ordering = ["position", "code"]

    def __str__(self):
        return in_language(self.name) or self.code


class Component(models.Model):
    """A part of the platform that the status page shows, in each region where it runs (SPEC 7)."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.JSONField(_("name"), default=dict)  # a text for each language
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    regions = models.ManyToManyField(Region, related_name="components", verbose_name=_("cloud regions"))
    is_active = models.BooleanField(_("active"), default=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering = ["position", "code"]

    def __str__(self):
        return in_language(self.name) or self.code


class IncidentQuerySet(models.QuerySet):
    def public(self):
        """What the status page tells everybody: declared by an incident manager, and not taken back."""
        return self.filter(declared_at__isnull=False).exclude(state=Incident.State.DISMISSED)

    def visible_to(self, user):
        """All for care staff who may see incidents; for the others what is public. A candidate is the care team's alone."""
        if user.is_authenticated and user.is_active and user.is_staff:
            return self if user.has_perm("escalations.view_incident") else self.public()
        return self.public()

    def numbered(self, number):
        """The incident of this number ("INC-1014"), as a queryset of at most one."""
        digits = number.removeprefix(PREFIX)
        return self.filter(pk=int(digits) - FIRST_NUMBER) if digits.isdecimal() and len(digits) <= LONGEST else self.none()

    def active(self):
        """Declared and not yet restored."""
        return self.filter(state__in=Incident.ACTIVE)

    def linkable(self):
        """Those that cases can be linked to: declared, and not yet closed."""
        return self.filter(state__in=Incident.LINKABLE)

    def with_count(self):
        """Annotate `case_count`: how many cases are linked, of whatever customer and region."""
        current = CaseLink.objects.current().filter(incident=models.OuterRef("pk")).order_by().values("incident")
        counted = models.Subquery(current.annotate(number=models.Count("pk")).values("number"))
        return self.annotate(case_count=Coalesce(counted, 0))


class Incident(models.Model):
    """A platform incident (SPEC 7): a candidate until an incident manager declares it; public from then on."""

    class State(models.TextChoices):
        CANDIDATE = "CANDIDATE", _("Candidate")
        DISMISSED = "DISMISSED", _("Dismissed")  # a candidate that was none
        DECLARED = "DECLARED", _("Declared")
        INVESTIGATING = "INVESTIGATING", pgettext_lazy("incident", "Investigating")
        IDENTIFIED = "IDENTIFIED", pgettext_lazy("incident", "Identified")
        MONITORING = "MONITORING", pgettext_lazy("incident", "Monitoring")
        RESTORED = "RESTORED", pgettext_lazy("incident", "Resolved")  # the word of the status page (glossary)
        CLOSED = "CLOSED", pgettext_lazy("incident", "Closed")

    ACTIVE = (State.DECLARED, State.INVESTIGATING, State.IDENTIFIED, State.MONITORING)
    LINKABLE = (*ACTIVE, State.RESTORED)

    title = models.JSONField(_("title"), default=dict)  # a text for each language, English required
    state = models.CharField(_("state"), max_length=13, choices=State, default=State.CANDIDATE)
    severity_rank = models.PositiveSmallIntegerField(_("severity"), default=2)  # 1 critical to 4 low
    started_at = models.DateTimeField(_("started at"))
    restored_at = models.DateTimeField(_("restored at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    declared_at = models.DateTimeField(_("declared at"), null=True, blank=True)
    declared_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("declared by")
    )
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )  # None: raised by the portal from a cluster of similar cases
    cluster_key = models.CharField(
        max_length=64, blank=True, editable=False
    )  # the case that a cluster began with: raised once, also if dismissed
    summary = models.JSONField(_("incident summary"), default=dict, blank=True)  # told in the cases after restoration
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        permissions = [
            ("declare_incident", "Can declare, update, restore and close incidents"),
            ("link_incident", "Can link cases to incidents"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(restored_at__isnull=True) | Q(restored_at__gte=F("started_at")), name="incident_restored_after_start"
            ),
            models.UniqueConstraint(fields=["cluster_key"], condition=~Q(cluster_key=""), name="one_candidate_for_each_cluster"),
        ]
        indexes = [
            models.Index(fields=["-started_at"], name="incident_latest"),
            models.Index(
                fields=["state"],
                condition=Q(state__in=["CANDIDATE", "DECLARED", "INVESTIGATING", "IDENTIFIED", "MONITORING"]),
                name="incident_active",
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """ "INC-1014": what people say and what URLs carry."""
        return f"{PREFIX}{FIRST_NUMBER + self.pk}"

    @property
    def is_active(self):
        return self.state in self.ACTIVE

    @property
    def title_text(self):
        """The title in the reader's language, or in English."""
        return in_language(self.title)


class IncidentComponent(models.Model):
    """What an incident affects: a component in a region, and how badly."""

    class Impact(models.TextChoices):
        DEGRADED = "DEGRADED", _("Degraded performance")
        PARTIAL = "PARTIAL", _("Partial outage")
        OUTAGE = "OUTAGE", _("Outage")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="affected", verbose_name=_("incident"))
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="+", verbose_name=_("component"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("cloud region"))
    impact = models.CharField(_("impact"), max_length=8, choices=Impact, default=Impact.PARTIAL)

    class Meta:
        verbose_name = _("affected component")
        verbose_name_plural = _("affected components")
        constraints = [models.UniqueConstraint(fields=["incident", "component", "region"], name="component_once_in_incident")]

    def __str__(self):
        return f"{self.component} ({self.region})"


class IncidentUpdate(models.Model):
    """A public word on an incident, in up to four languages; missing ones are marked, never invented (SPEC 7). Rows are not changed:
    a translation that comes later is added to `words` and told to nobody again."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates", verbose_name=_("incident"))
    state = models.CharField(_("state"), max_length=13, choices=Incident.State)
    words = models.JSONField(_("text"), default=dict)  # language -> text, English required
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("published by"))
    next_update_at = models.DateTimeField(_("next update promised for"), null=True, blank=True)

    class Meta:
        verbose_name = _("incident update")
        verbose_name_plural = _("incident updates")
        ordering = ["published_at", "pk"]

    def __str__(self):
        return f"{self.incident} {self.state}"


class CaseLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Links of cases that the user may see: nothing of one customer is shown to another (SPEC 7)."""
        return self.filter(seen_case(user, "case"))

    def current(self):
        """Those that were not undone."""
        return self.filter(unlinked_at__isnull=True)


class CaseLink(models.Model):
    """A case that an incident has caused. At most one incident for each case; undoing keeps the row."""

    class Way(models.TextChoices):
        SINGLE = "SINGLE", _("One by one")
        BULK = "BULK", _("In bulk")
        INTAKE = "INTAKE", _("By the customer")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links", verbose_name=_("incident"))
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="incident_links", verbose_name=_("case"))
    way = models.CharField(_("way"), max_length=6, choices=Way, default=Way.SINGLE)
    batch = models.UUIDField(_("batch"), null=True, blank=True, db_index=True)  # of a bulk link: what is undone together
    scope_before = models.CharField(max_length=11, blank=True)  # given back when the link is undone
    linked_at = models.DateTimeField(_("linked at"))
    linked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("linked by")
    )
    unlinked_at = models.DateTimeField(_("unlinked at"), null=True, blank=True)
    restoration_told_at = models.DateTimeField(_("restoration told at"), null=True, blank=True, editable=False)

    objects = CaseLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to an incident")
        verbose_name_plural = _("links to incidents")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(unlinked_at__isnull=True), name="one_incident_for_each_case")
        ]
        indexes = [
            models.Index(
                fields=["incident", "id"],
                condition=Q(unlinked_at__isnull=True, restoration_told_at__isnull=True),
                name="restoration_to_tell",
            )
        ]

    def __str__(self):
        return f"{self.incident_id} {self.case_id}"


class MaintenanceQuerySet(models.QuerySet):
    def public(self):
        """What was not taken back."""
        return self.filter(cancelled_at__isnull=True)


class Maintenance(models.Model):
    """Planned work that the status page announces."""

    title = models.JSONField(_("title"), default=dict)
    words = models.JSONField(_("text"), default=dict, blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    components = models.ManyToManyField(Component, blank=True, related_name="+", verbose_name=_("components"))
    regions = models.ManyToManyField(Region, blank=True, related_name="+", verbose_name=_("cloud regions"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    objects = MaintenanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned maintenance")
        verbose_name_plural = _("planned maintenance")
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="maintenance_ends_after_start")]

    def __str__(self):
        return in_language(self.title)
