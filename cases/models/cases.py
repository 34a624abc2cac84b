import re

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .people import Agreement, Organization, User
from .visibility import seen_case

FIRST_NUMBER = 1_000_000  # CS-1000042 is the case with key 42: short, speakable, unique
CRITICAL = 1  # the severity that wakes the people on call, whatever a policy calls it
IS_OPEN = ~Q(status="CLOSED")
NUMBER = re.compile(r"\s*(?:CS-?)?(\d{7,15})\s*", re.IGNORECASE)


def key_of(number):
    """The key of a spoken or typed case number ("CS-1000042", "cs1000042", "1000042"), or None when it is none."""
    match = NUMBER.fullmatch(number)
    return int(match[1]) - FIRST_NUMBER if match and int(match[1]) > FIRST_NUMBER else None


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one visibility query (SAFETY 1): members see their organizations' cases, care staff those of the regions they are cleared for."""
        return self.filter(seen_case(user))

    def numbered(self, number):
        """The case of this number, as a queryset of at most one."""
        return self.filter(pk=key_of(number) or 0)

    def open(self):
        return self.exclude(status=Case.Status.CLOSED)

    def with_terms(self):
        """With the organization and the frozen policy and calendar versions, but without their long documents: `sla.policies.rules_of` and
        `sla.calendars.business_calendar` keep what they say, and reading them again costs more than most pages."""
        return self.select_related("organization", "policy_version__policy", "calendar_version__calendar", "follows").defer(
            "policy_version__source", "policy_version__rules", "calendar_version__definition"
        )

    def with_number(self):
        """Annotate `case_number` ("CS-1000042") for exports."""
        return self.annotate(case_number=Concat(models.Value("CS-"), Cast(models.F("pk") + FIRST_NUMBER, models.CharField())))

    def with_notice(self):
        """Annotate `noticed_at`: when notice of the automatic closing was given, or None."""
        closing = models.FilteredRelation("clocks", condition=Q(clocks__kind="CLOSING"))
        return self.annotate(countdown=closing).annotate(noticed_at=models.F("countdown__noticed_at"))

    def for_list(self):
        """With what a row of a list shows, in one query; the policy's texts are read from memory (`rules_of`), not from each row."""
        return self.select_related("organization", "policy_version").defer("policy_version__source", "policy_version__rules")

    def for_page(self):
        """With what a case page shows of the case itself, in one query; `closing_at` is the moment of its automatic closing, or None."""
        return (
            self.select_related(
                "organization", "opened_by", "owner", "details", "policy_version__policy", "calendar_version", "follows"
            )
            .defer("policy_version__source", "policy_version__rules", "calendar_version__definition")
            .annotate(closing=models.FilteredRelation("clocks", condition=Q(clocks__kind="CLOSING")))
            .annotate(closing_at=models.F("closing__due_at"))
        )

    def with_reading(self, user):
        """Annotate `read_key`: the latest activity that this person has read, or None where they have read nothing."""
        own = models.FilteredRelation("readings", condition=Q(readings__user=user))
        return self.annotate(reading=own).annotate(read_key=models.F("reading__activity_key"))

    def by_urgency(self):
        """The care queue's order: severity, then what is escalated, then running before paused, then the next due time (UX S1)."""
        return self.order_by(
            "urgency_rank",
            "-is_escalated",
            "is_paused",
            models.F("next_due_at").asc(nulls_last=True),
            "opened_at",
            "pk",
        )

    def less_urgent_than(self, case):
        """What follows `case` in the order of `by_urgency`: the next page, without counting or skipping rows (SPEED)."""
        never = Q(pk__in=[])
        due_later = never if case.next_due_at is None else Q(next_due_at__gt=case.next_due_at) | Q(next_due_at=None)
        stages = [  # one for each column of the order: the same place, a later one
            (Q(urgency_rank=case.urgency_rank), Q(urgency_rank__gt=case.urgency_rank)),
            (Q(is_escalated=case.is_escalated), Q(is_escalated=False) if case.is_escalated else never),
            (Q(is_paused=case.is_paused), never if case.is_paused else Q(is_paused=True)),
            (Q(next_due_at=case.next_due_at), due_later),
            (Q(opened_at=case.opened_at), Q(opened_at__gt=case.opened_at)),
            (Q(pk=case.pk), Q(pk__gt=case.pk)),
        ]
        following = never
        for same, later in reversed(stages):
            following = later | (same & following)
        return self.filter(following, urgency_rank__gte=case.urgency_rank)


class Case(models.Model):
    """One problem of one customer. Status, clocks and eligibility follow from its timeline; the plain columns here are kept for lists."""

    class Type(models.TextChoices):
        QUESTION = "QUESTION", _("Question")
        REQUEST = "REQUEST", _("Request")
        PROBLEM = "PROBLEM", _("Problem")
        ACCESS = "ACCESS", _("Contact application")

    class Status(models.TextChoices):
        NEW = "NEW", pgettext_lazy("case", "New")
        IN_PROGRESS = "IN_PROGRESS", _("In progress")
        AWAITING_CUSTOMER = "AWAITING_CUSTOMER", _("Awaiting customer")
        AWAITING_THIRD_PARTY = "AWAITING_THIRD_PARTY", _("Awaiting third party")
        RESOLUTION_PROPOSED = "RESOLUTION_PROPOSED", _("Resolution proposed")
        CLOSED = "CLOSED", pgettext_lazy("case", "Closed")

    class Scope(models.TextChoices):
        UNKNOWN = "UNKNOWN", _("Not decided yet")
        ISOLATED = "ISOLATED", _("Isolated (non-platform) incident")
        PLATFORM = "PLATFORM", _("Platform-level issue")
        THIRD_PARTY = "THIRD_PARTY", _("Third-party issue")

    class Channel(models.TextChoices):
        PORTAL = "PORTAL", _("Portal")
        PHONE = "PHONE", _("Phone")
        CHAT = "CHAT", _("Chat")
        EMAIL = "EMAIL", _("Email")
        WEB_FORM = "WEB_FORM", _("Web form")
        MOBILE_APP = "MOBILE_APP", _("Mobile app")
        SOCIAL = "SOCIAL", _("Social media")

    # no index of the key alone where `Meta.indexes` has one that begins with it
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, db_index=False, related_name="cases", verbose_name=_("organization")
    )
    opened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, db_index=False, related_name="opened_cases", verbose_name=_("opened by")
    )  # the contact
    owner = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="owned_cases",
        verbose_name=_("case owner"),
    )
    case_type = models.CharField(_("case type"), max_length=8, choices=Type)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    product_area = models.CharField(_("product area"), max_length=80, blank=True)
    subject = models.CharField(_("subject"), max_length=200)  # empty: removed with the text of the opening; people read `title`
    language = models.CharField(_("language"), max_length=5, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.NEW)
    severity_rank = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True)
    urgency_rank = models.PositiveSmallIntegerField(
        editable=False
    )  # the severity, or where there is none the priority's place: ranks the queue
    priority_code = models.CharField(_("priority"), max_length=16)
    scope = models.CharField(_("scope"), max_length=11, choices=Scope, default=Scope.UNKNOWN)
    is_impact_significant = models.BooleanField(_("significant business impact"), default=False)
    is_escalated = models.BooleanField(_("escalated"), default=False)
    is_alarm_due = models.BooleanField(default=False, editable=False)  # became severity 1: the people on call are to be woken
    is_paused = models.BooleanField(_("paused"), default=False)
    next_due_at = models.DateTimeField(_("next due at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    latest_activity_at = models.DateTimeField(_("latest activity at"))
    version = models.PositiveIntegerField(default=1, editable=False)  # raised by every activity; forms carry it (SAFETY 5)
    # frozen when the case is opened (HOUSE rule 2)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("agreement"))
    policy_version = models.ForeignKey("sla.PolicyVersion", on_delete=models.PROTECT, verbose_name=_("policy version"))
    calendar_version = models.ForeignKey("sla.CalendarVersion", on_delete=models.PROTECT, verbose_name=_("calendar version"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    country = models.CharField(_("country"), max_length=2)
    plan = models.CharField(_("support plan"), max_length=32, blank=True)
    # a follow-up case, and the one it follows
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="follow_ups",
        verbose_name=_("original case"),
    )
    closes_with_rca = models.BooleanField(_("stays open until the RCA is published"), default=False)
    # who can be reached at any time (severity 1)
    reachable_name = models.CharField(_("person who can be reached at any time"), max_length=150, blank=True)
    reachable_phone = models.CharField(_("phone"), max_length=40, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions = [
            ("reply_case", "Can answer customers"),
            ("note_case", "Can write internal notes"),
            ("assign_case", "Can assign cases"),
            ("triage_case", "Can change severity, scope and status"),
            ("open_case_for_customer", "Can open cases for customers"),
            ("export_case", "Can export cases"),
            ("review_case", "Can review cases that took too long"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["follows"], condition=Q(closes_with_rca=True), name="one_case_waits_for_each_rca")
        ]
        indexes = [
            models.Index(fields=["organization", "-latest_activity_at", "-id"], name="case_of_organization"),
            models.Index(fields=["owner", "-id"], name="case_of_owner"),
            models.Index(fields=["opened_by"], condition=Q(case_type="ACCESS"), name="case_of_applicant"),
            models.Index(fields=["follows"], condition=Q(follows__isnull=False), name="case_that_follows"),
            # of open cases only, which are few: the queue in its order, and what is counted above it
            models.Index(
                fields=["urgency_rank", "-is_escalated", "is_paused", "next_due_at", "opened_at", "id"],
                condition=IS_OPEN,
                name="case_queue",
            ),
            models.Index(fields=["organization", "status"], condition=IS_OPEN, name="open_case_of_organization"),
            models.Index(fields=["owner"], condition=IS_OPEN, name="open_case_of_owner"),
            models.Index(fields=["next_due_at"], condition=IS_OPEN, name="open_case_due"),
            models.Index(fields=["id"], condition=Q(is_alarm_due=True), name="case_alarm_due"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """ "CS-1000042": what people say and what URLs carry."""
        return f"CS-{FIRST_NUMBER + self.pk}"

    @property
    def title(self):
        """The subject as pages and mails show it; where it was removed, words in the reader's language that say so (SPEC 4)."""
        return self.subject or gettext("Subject removed")

    @property
    def is_default_policy(self):
        """True where no agreement was in force: the default policy counts and the page says so (SPEC 5)."""
        return self.agreement_id is None

    @property
    def is_closed(self):
        return self.status == self.Status.CLOSED


class CaseDetails(models.Model):
    """What the customer answered at intake beyond the description (SPEC 2). Beside the case, so that lists stay light."""

    class Workability(models.TextChoices):
        YES = "YES", _("Work goes on as usual")
        DEGRADED = "DEGRADED", _("Work goes on, slower or with limits")
        NO = "NO", _("Work cannot go on")

    class Workaround(models.TextChoices):
        YES = "YES", _("There is a workaround")
        NO = "NO", _("There is no workaround")
        UNKNOWN = "UNKNOWN", _("Not known")

    WORDS = (
        *("users_affected", "business_impact", "frequency", "steps", "environment_changes", "troubleshooting"),
        *("api_request", "api_response"),
    )  # what somebody wrote, and a redaction removes

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="details")
    short_name = models.CharField(_("organization short name"), max_length=63, blank=True)
    workability = models.CharField(_("can work go on"), max_length=8, choices=Workability, blank=True)
    workaround = models.CharField(_("workaround"), max_length=8, choices=Workaround, blank=True)
    users_affected = models.CharField(_("users affected and where"), max_length=200, blank=True)
    business_impact = models.TextField(_("business impact"), blank=True)
    happened_at = models.DateTimeField(_("when it happened"), null=True, blank=True)
    happened_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    frequency = models.CharField(_("how often"), max_length=200, blank=True)
    steps = models.TextField(_("steps to reproduce"), blank=True)
    environment_changes = models.TextField(_("changes in the environment"), blank=True)
    troubleshooting = models.TextField(_("troubleshooting done"), blank=True)
    api_request = models.TextField(_("API request"), blank=True)
    api_response = models.TextField(_("API response"), blank=True)
    checklist = models.JSONField(_("checked before opening"), default=list, blank=True)  # codes of the check-list

    class Meta:
        verbose_name = _("case details")
        verbose_name_plural = _("case details")

    def __str__(self):
        return str(self.case_id)


class ConversationReference(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="conversations")
    conversation_id = models.UUIDField(_("conversation ID"), db_index=True)

    class Meta:
        verbose_name = _("conversation ID")
        verbose_name_plural = _("conversation IDs")
        constraints = [models.UniqueConstraint(fields=["case", "conversation_id"], name="conversation_once_in_case")]

    def __str__(self):
        return str(self.conversation_id)
