from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .cases import Case
from .people import User
from .visibility import seen_activity


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Activities of visible cases; internal ones for care staff only."""
        return self.filter(seen_activity(user))

    def in_order(self):
        """As told: by recording. Clocks use `occurred_at`, which may lie earlier for a logged call."""
        return self.order_by("pk")


class Activity(models.Model):
    """One entry of a case's timeline. Rows are immutable (a trigger refuses UPDATE and DELETE); the words lie in `ActivityText` (HOUSE)."""

    class Kind(models.TextChoices):
        OPENED = "OPENED", _("Case opened")
        ACKNOWLEDGED = "ACKNOWLEDGED", _("Automatic acknowledgment")
        REPLY = "REPLY", _("Public reply")  # from the care team
        WORK_NOTE = "WORK_NOTE", _("Work note")  # from the customer: reply or added information, seen by both
        INTERNAL_NOTE = "INTERNAL_NOTE", _("Internal note")
        CALL = "CALL", _("Phone call")  # with the customer
        STATUS = "STATUS", _("Status changed")  # data: from, to, cause
        SEVERITY = "SEVERITY", _("Severity changed")  # data: from, to; text: the reason
        PRIORITY = "PRIORITY", _("Priority changed")
        OWNER = "OWNER", _("Case owner changed")  # data: from, to (user keys), to_name
        SCOPE = "SCOPE", _("Scope changed")
        IMPACT = "IMPACT", _("Business impact changed")
        RESTORED = "RESTORED", _("Service restored")
        PROMISE = "PROMISE", _("Next update promised")  # data: promised_at
        EXPECTATION = "EXPECTATION", _("Expected resolution time changed")  # data: expected_at, from; text: the reason
        REVIEW = "REVIEW", _("Reviewed with the teams involved")  # data: clock; text: the outcome
        PLAN = "PLAN", _("Support plan changed")  # data: from, to, agreement
        VERSION = "VERSION", _("Moved to another version of the terms")  # data: from, to ({policy, calendar}: keys of versions)
        AWAITING_CUSTOMER = "AWAITING_CUSTOMER", _("Awaiting customer")
        AWAITING_THIRD_PARTY = (
            "AWAITING_THIRD_PARTY",
            _("Awaiting third party"),
        )  # data: name, reference, link, promised_on
        THIRD_PARTY_REPLIED = "THIRD_PARTY_REPLIED", _("Third party answered")
        RESUMED = "RESUMED", _("Work resumed")
        ANSWER_NOT_ADEQUATE = "ANSWER_NOT_ADEQUATE", _("Answer not adequate")
        PROPOSED = "PROPOSED", _("Resolution proposed")  # text: the resolution summary
        ACCEPTED = "ACCEPTED", _("Resolution accepted")
        REJECTED = "REJECTED", pgettext_lazy("activity", "Problem not solved")  # text: the reason
        KEEP_OPEN = "KEEP_OPEN", _("Case kept open")
        CLOSED = "CLOSED", _("Case closed")  # data: cause
        REOPENED = "REOPENED", _("Case reopened")
        ATTACHMENT = "ATTACHMENT", _("Attachment added")
        FILE_REFUSED = "FILE_REFUSED", _("File with malware deleted")  # data: attachment; text: the name of the file
        REDACTED = "REDACTED", _("Text removed")
        SEVERITY_CONTESTED = "SEVERITY_CONTESTED", _("Severity contested")  # text: why; once for each change
        SEVERITY_UPHELD = "SEVERITY_UPHELD", _("Severity upheld")  # text: why
        PRIORITY_ASKED = "PRIORITY_ASKED", _("Higher priority requested")  # data: from, to, way; text: why
        PRIORITY_DECLINED = "PRIORITY_DECLINED", _("Higher priority declined")  # data: to; text: why
        # data of these: escalation (its key), kind, level; the customer's words stay with the request, text: the care team's
        ESCALATION_ASKED = "ESCALATION_ASKED", _("Escalation requested")  # data also: automatic, cause
        ESCALATION_ACCEPTED = "ESCALATION_ACCEPTED", _("Escalation accepted")
        ESCALATION_DECLINED = "ESCALATION_DECLINED", _("Escalation declined")
        ESCALATION_UPDATE = "ESCALATION_UPDATE", _("Escalation in progress")  # data also: owner, promised_at
        ESCALATION_RESOLVED = "ESCALATION_RESOLVED", _("Escalation resolved")
        ESCALATION_WITHDRAWN = "ESCALATION_WITHDRAWN", _("Escalation withdrawn")  # automatic: the target was not missed after all
        ESCALATION_ANSWERED = "ESCALATION_ANSWERED", _("Answer to the escalation")  # data also: is_satisfied
        # data of these: incident (its number), title; of an update: state, words; the care team's own public words, by language
        INCIDENT_LINKED = "INCIDENT_LINKED", _("Linked to an incident")
        INCIDENT_UNLINKED = "INCIDENT_UNLINKED", _("No longer linked to the incident")
        INCIDENT_UPDATE = "INCIDENT_UPDATE", _("Incident update")
        INCIDENT_SUMMARY = "INCIDENT_SUMMARY", _("Incident summary")
        ON_CALL = "ON_CALL", _("On-call people")  # data: state (CALLED, ACKNOWLEDGED), name
        FOLLOW_UP = "FOLLOW_UP", _("Follow-up case opened")  # data: number (of the other case), original (whether this one is it)
        # data of these: document (its number), kind, version
        RCA_ASKED = "RCA_ASKED", _("RCA requested")  # text: why
        RCA_DELIVERED = "RCA_DELIVERED", _("RCA delivered")
        MEETING_ASKED = "MEETING_ASKED", _("Follow-up discussion requested")  # data: proposed (ISO instants); text: about what
        MEETING_ARRANGED = "MEETING_ARRANGED", _("Follow-up discussion arranged")  # data: meets_at, minutes, request
        REQUEST_DECLINED = "REQUEST_DECLINED", _("Request declined")  # data: kind (RCA, MEETING); text: why
        CONTACT_DECIDED = "CONTACT_DECIDED", _("Contact application decided")
        # announced by the sweep, dated at their deadline; no clock asks for them
        BREACHED = "BREACHED", _("Target missed")  # data: clock (its kind), due_at
        BREACH_WITHDRAWN = "BREACH_WITHDRAWN", _("Missed target withdrawn")  # a late entry showed that the target was met
        CLOSING_NOTICE = "CLOSING_NOTICE", _("Closing notice")  # data: closes_at, cause
        SUBJECT_TO_CLOSURE = "SUBJECT_TO_CLOSURE", _("Subject to closure")  # data: cause

    class Visibility(models.TextChoices):
        CUSTOMER = "CUSTOMER", _("Visible to customer")
        INTERNAL = "INTERNAL", _("Internal only")

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, db_index=False, related_name="activities", verbose_name=_("case")
    )  # `activity_of_case` begins with it
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("actor")
    )  # None: the portal itself
    from_customer = models.BooleanField(_("from the customer"), default=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Case.Channel, blank=True)
    visibility = models.CharField(_("visibility"), max_length=8, choices=Visibility)
    recorded_at = models.DateTimeField(_("recorded at"))
    occurred_at = models.DateTimeField(_("occurred at"))
    data = models.JSONField(_("data"), default=dict, blank=True)  # codes and keys, never a customer's words

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        permissions = [("redact_activity", "Can remove the text of an activity")]
        indexes = [
            models.Index(fields=["case", "id"], name="activity_of_case"),
            # rare, and asked for every minute
            models.Index(fields=["recorded_at"], condition=models.Q(kind="BREACH_WITHDRAWN"), name="breach_withdrawn"),
        ]

    def __str__(self):
        return f"{self.case_id} {self.kind}"


class ActivityText(models.Model):
    """The words of an activity. Redaction blanks them and leaves the tombstone: who, when, why (SPEC 4)."""

    activity = models.OneToOneField(Activity, on_delete=models.PROTECT, primary_key=True, related_name="text_row")
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    redacted_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    redacted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("removed by")
    )
    redaction_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("activity text")
        verbose_name_plural = _("activity texts")

    def __str__(self):
        return str(self.activity_id)


class CaseRead(models.Model):
    """How far a person has read a case: up to this activity. Escalation criteria ask whether the latest update was read (SPEC 6)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="readings", verbose_name=_("case"))
    user = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="+", verbose_name=_("user"))
    activity_key = models.BigIntegerField(_("latest activity read"))
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("reading of a case")
        verbose_name_plural = _("readings of cases")
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="one_reading_each")]

    def __str__(self):
        return f"{self.case_id} {self.user_id}"
