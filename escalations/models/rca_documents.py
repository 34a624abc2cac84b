from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Case, Organization, User
from cases.models.visibility import seen_case, seen_organization

from .incidents import LONGEST, Incident

PREFIX = "RCA-"
FIRST_NUMBER = 1_000  # RCA-1014 is the document with key 14


class RcaDocumentQuerySet(models.QuerySet):
    def numbered(self, number):
        """The document of this number ("RCA-1014"), as a queryset of at most one."""
        digits = number.removeprefix(PREFIX)
        return self.filter(pk=int(digits) - FIRST_NUMBER) if digits.isdecimal() and len(digits) <= LONGEST else self.none()

    def visible_to(self, user):
        """Care staff with the permission see all of incidents and those of visible cases; customers what was delivered into visible cases
        (SPEC 8): an unaffected organization has none."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff:
            own = Q(case__isnull=True) | seen_case(user, "case")
            return self.filter(own) if user.has_perm("escalations.view_rcadocument") else self.none()
        return self.filter(pk__in=RcaDelivery.objects.visible_to(user).values("version__document"))


class RcaDocument(models.Model):
    """A root cause analysis of an incident, its preliminary form, or the summary of an isolated severity-1 case (SPEC 8)."""

    class Kind(models.TextChoices):
        RCA = "RCA", _("Root cause analysis (RCA)")
        PRELIMINARY = "PRELIMINARY", _("Preliminary RCA")
        CASE_SUMMARY = "CASE_SUMMARY", _("Case summary")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.RCA)
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("incident")
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("case")
    )  # of a case summary, or a preliminary RCA of a case without an incident
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )

    is_delivery_due = models.BooleanField(default=False, editable=False)  # a case may still miss the published version

    objects = RcaDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("RCA document")
        verbose_name_plural = _("RCA documents")
        permissions = [
            ("write_rcadocument", "Can write RCA documents and send them to review"),
            ("approve_rcadocument", "Can approve and publish RCA documents of others"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__isnull=False, case__isnull=True) | Q(incident__isnull=True, case__isnull=False),
                name="document_of_incident_or_case",
            ),
            models.UniqueConstraint(
                fields=["incident", "kind"], condition=Q(incident__isnull=False), name="one_document_of_a_kind_for_incident"
            ),
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(case__isnull=False), name="one_document_of_a_kind_for_case"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_delivery_due=True), name="document_to_deliver")]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """ "RCA-1014": what people say and what URLs carry."""
        return f"{PREFIX}{FIRST_NUMBER + self.pk}"


class RcaVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Care staff: versions of visible documents. Customers: published versions that were delivered into visible cases."""
        if user.is_authenticated and user.is_staff:
            return self.filter(document__in=RcaDocument.objects.visible_to(user))
        return self.filter(pk__in=RcaDelivery.objects.visible_to(user).values("version"))


class RcaVersion(models.Model):
    """One version: draft → in review → approved by a second person → published and immutable; a new one supersedes it (SPEC 8)."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", pgettext_lazy("document", "Draft")
        IN_REVIEW = "IN_REVIEW", _("In review")
        APPROVED = "APPROVED", _("Approved")
        PUBLISHED = "PUBLISHED", _("Published")
        SUPERSEDED = "SUPERSEDED", _("Superseded")

    document = models.ForeignKey(RcaDocument, on_delete=models.CASCADE, related_name="versions", verbose_name=_("document"))
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # section code -> language -> text: SUMMARY, IMPACT, ROOT_CAUSE, RESTORATION; of a case summary: DESCRIPTION, FINDINGS, RESTORATION
    sections = models.JSONField(_("sections"), default=dict)
    timeline = models.JSONField(_("timeline"), default=list)  # [{"at": ISO instant, "state": code, "words": {language: text}}]
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by"))
    writers = models.JSONField(default=list, editable=False)  # keys of all who changed it: none of them may approve it
    submitted_at = models.DateTimeField(_("sent to review at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    review_note = models.TextField(_("note of the reviewer"), blank=True)  # why it went back to draft
    actions_frozen = models.JSONField(_("actions as published"), default=list, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)  # raised by every save; forms carry it (SAFETY 5)

    objects = RcaVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an RCA document")
        verbose_name_plural = _("versions of RCA documents")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["document"], condition=Q(state="PUBLISHED"), name="one_published_version"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state__in=["DRAFT", "IN_REVIEW", "APPROVED"]), name="one_version_in_work"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("written_by")), name="approved_by_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["PUBLISHED", "SUPERSEDED"]) | Q(approved_by__isnull=False),
                name="published_after_approval",
            ),
        ]

    def __str__(self):
        return f"{self.document} v{self.number}"


class RcaActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Actions of visible documents."""
        return self.filter(document__in=RcaDocument.objects.visible_to(user))

    def not_done(self):
        return self.exclude(state=RcaAction.State.DONE)


class RcaAction(models.Model):
    """A corrective or preventive action, followed to done in the portal (SPEC 8)."""

    class Kind(models.TextChoices):
        CORRECTIVE = "CORRECTIVE", _("Corrective action")
        PREVENTIVE = "PREVENTIVE", _("Preventive action")

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("action", "Open")
        IN_PROGRESS = "IN_PROGRESS", _("In progress")
        DONE = "DONE", _("Done")

    document = models.ForeignKey(RcaDocument, on_delete=models.CASCADE, related_name="actions", verbose_name=_("document"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    words = models.JSONField(_("text"), default=dict)  # language -> text
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner of the action")
    )
    due_on = models.DateField(_("due date"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.OPEN)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    revision = models.PositiveIntegerField(default=1, editable=False)  # raised by every save; forms carry it (SAFETY 5)

    objects = RcaActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("RCA action")
        verbose_name_plural = _("RCA actions")
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=~Q(state="DONE"), name="rca_action_due")]

    def __str__(self):
        return f"{self.document} {self.pk}"


class RcaDeliveryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Deliveries into visible cases."""
        return self.filter(seen_case(user, "case"))


class RcaDelivery(models.Model):
    """A published version shared into a linked case of an affected customer; each once (SPEC 8)."""

    version = models.ForeignKey(RcaVersion, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("version"))
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rca_deliveries", verbose_name=_("case"))
    delivered_at = models.DateTimeField(_("delivered at"))

    objects = RcaDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of an RCA document")
        verbose_name_plural = _("deliveries of RCA documents")
        constraints = [models.UniqueConstraint(fields=["version", "case"], name="delivered_once")]

    def __str__(self):
        return f"{self.version_id} {self.case_id}"


class RcaFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of visible organizations."""
        return self.filter(seen_organization(user, "organization"))


class RcaFile(models.Model):
    """The PDF of a published version for one customer in one language: made once, kept with its hash (SAFETY 9)."""

    version = models.ForeignKey(RcaVersion, on_delete=models.PROTECT, related_name="files", verbose_name=_("version"))
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization"))
    language = models.CharField(_("language"), max_length=5)
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("hash"), max_length=64)
    made_at = models.DateTimeField(_("made at"))

    objects = RcaFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("PDF of an RCA document")
        verbose_name_plural = _("PDFs of RCA documents")
        constraints = [models.UniqueConstraint(fields=["version", "organization", "language"], name="pdf_once")]

    def __str__(self):
        return f"{self.version_id} {self.language}"


class DocumentRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Requests of visible cases."""
        return self.filter(seen_case(user, "case"))

    def open(self):
        return self.filter(state=DocumentRequest.State.ASKED)


class DocumentRequest(models.Model):
    """A customer asks for the RCA or for a follow-up meeting; further documents are a case of their own (SPEC 8)."""

    class Kind(models.TextChoices):
        RCA = "RCA", _("RCA requested")
        MEETING = "MEETING", _("Follow-up meeting requested")

    class State(models.TextChoices):
        ASKED = "ASKED", _("Requested")
        ARRANGED = "ARRANGED", _("Arranged")  # a meeting with its time
        DELIVERED = "DELIVERED", pgettext_lazy("document", "Delivered")
        DECLINED = "DECLINED", _("Declined")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="document_requests", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("requested by"))
    asked_at = models.DateTimeField(_("requested at"))
    proposed_times = models.JSONField(_("proposed times"), default=list, blank=True)  # ISO instants
    meets_at = models.DateTimeField(_("time of the meeting"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    place = models.CharField(_("where"), max_length=300, blank=True)  # address of the call
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = DocumentRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a document or meeting")
        verbose_name_plural = _("requests for documents and meetings")
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=Q(state="ASKED"), name="one_open_request_of_a_kind")
        ]

    def __str__(self):
        return f"{self.case} {self.kind}"
