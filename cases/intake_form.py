"""The form by which a case is opened (SPEC 2, UX C4): the same fields for the portal and for a caller, as the policy asks for them."""

import zoneinfo
from datetime import UTC, timedelta
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sla.policy_rules import FIRST_RESPONSE, PHONE_ONLY, TAKEN_WITH_PHONE
from sla.policy_words import CASE_TYPES
from sla.target_rules import Conditions, target_for
from sla.texts import in_language

from .forms import ActionForm, LineField, WordsField
from .identifier_fields import ConversationIDsField, OrganizationIDField, ShortNameField
from .intake import IntakeData
from .models import Case, CaseDetails

ONLY_WHERE_ASKED = (
    "short_name",
    "organization_id",
    "conversation_ids",
    "environment_changes",
    "troubleshooting",
    "api_request",
    "api_response",
)
SECTIONS = [
    ("about", _("What it is about"), ["case_type", "product_area", "subject"]),
    ("urgency", _("How urgent it is"), ["priority_code", "reachable_name", "reachable_phone"]),
    (
        "problem",
        _("What happens"),
        ["description", "conversation_ids", "happened_at", "happened_zone", "frequency", "steps", "api_request", "api_response"],
    ),
    ("impact", _("Business impact"), ["business_impact", "workability", "workaround", "users_affected"]),
    ("tried", _("What you have tried"), ["troubleshooting", "environment_changes"]),
    ("organization", _("Your organization"), ["short_name", "organization_id"]),
    ("files", _("Attachments"), ["files"]),
]
FIELD_NAMES = [name for _code, _heading, names in SECTIONS for name in names if name != "files"]  # what a draft keeps
REQUIRED = {
    "case_type": _("Choose a case type."),
    "subject": _("Enter a subject."),
    "priority_code": _("Choose a priority."),
    "description": _("Describe what happens."),
    "business_impact": _("Describe the business impact."),
    "short_name": _("Enter the organization short name."),
    "organization_id": _("Enter the organization ID."),
    "conversation_ids": _("Enter a conversation ID."),
    "happened_at": _("Enter when it happened."),
    "environment_changes": _("Describe what changed in your environment, or write that nothing did."),
    "troubleshooting": _("Describe what you have tried."),
    "reachable_name": _("Enter the name of a designated contact who can be reached at any time."),
    "reachable_phone": _("Enter the phone number of a designated contact who can be reached at any time."),
}
GRAVE = (1, 2)  # severity ranks for which the business impact must be told (UX C4)
TICK = timedelta(minutes=10)  # a clock may be so much ahead of ours
WHEN = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "w-m"}, format="%Y-%m-%dT%H:%M")


class PriorityRadios(forms.RadioSelect):
    """Radios that tell the style sheet which of them is critical, so that the phone numbers appear without JavaScript."""

    critical: tuple[str, ...] = ()

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.critical:
            option["attrs"]["data-critical"] = ""
        return option


class WallClockField(forms.DateTimeField):
    """Date and time as a clock on the wall shows them, in a zone that another field names; cleaned to a naive datetime."""

    widget = WHEN

    def to_python(self, value):
        """The naive datetime, or None. Raises ValidationError."""
        with timezone.override(UTC):
            moment = super().to_python(value)
        return moment and moment.replace(tzinfo=None)

    def prepare_value(self, value):
        """What was typed is shown again as it was typed."""
        return value


class IntakeForm(ActionForm):
    """What a contact says about a new case of one organization, under the policy of `sheet` (a PolicySheet).

    `organizations` are all for which the contact may open cases; `channel` is how it reaches us: only the phone takes what the policy keeps
    for the phone.
    """

    case_type = forms.ChoiceField(label=_("Case type"), widget=forms.RadioSelect)
    product_area = forms.ChoiceField(label=_("Product area"), required=False)
    subject = LineField(
        label=_("Subject"), limit=200, help_text=_("One sentence, for example: “Calls to Paris drop after 30 seconds”.")
    )
    priority_code = forms.ChoiceField(label=_("Priority"), widget=PriorityRadios)
    reachable_name = LineField(label=_("Name"), limit=150, required=False)
    reachable_phone = LineField(
        label=_("Phone"),
        limit=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "w-m"}),
        help_text=_("With its country code, for example +33 1 99 00 12 34."),
    )
    description = WordsField(label=_("What happens, and what did you expect?"))
    happened_at = WallClockField(label=_("When it happened"), required=False)
    happened_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    frequency = LineField(
        label=_("How often"), limit=200, required=False, help_text=_("For example: once, every second call, each morning.")
    )
    steps = WordsField(label=_("Steps to reproduce"), required=False)
    business_impact = WordsField(
        label=_("Business impact"), required=False, help_text=_("Who is affected, since when, and what it costs you.")
    )
    workability = forms.ChoiceField(label=_("Can work go on?"), required=False, widget=forms.RadioSelect)
    workaround = forms.ChoiceField(label=_("Is there a workaround?"), required=False, widget=forms.RadioSelect)
    users_affected = LineField(label=_("Users affected and where"), limit=200, required=False)
    troubleshooting = WordsField(label=_("Troubleshooting done"), required=False)
    environment_changes = WordsField(
        label=_("Changes in the environment"),
        required=False,
        help_text=_("For example in the network, a firewall or a configuration."),
    )
    api_request = WordsField(label=_("API request"), required=False)
    api_response = WordsField(label=_("API response"), required=False)
    files = forms.FileField(label=_("Attachments"), required=False)  # kept with the draft by the view

    def __init__(self, data=None, *, sheet, organizations, contact, now, channel=Case.Channel.PORTAL, **kwargs):
        super().__init__(data, **kwargs)
        self.sheet, self.contact, self.now, self.channel = sheet, contact, now, channel
        self.rules = sheet.rules
        self._set_identifiers(organizations)
        self._set_choices()
        self._set_what_is_asked()
        self._set_initial()

    # --- fields as the policy asks for them ---

    def _set_identifiers(self, organizations):
        whose = {"organization": self.sheet.organization, "organizations": organizations}
        self.fields["short_name"] = ShortNameField(label=_("Organization short name"), required=False, **whose)
        self.fields["organization_id"] = OrganizationIDField(label=_("Organization ID"), required=False, **whose)
        self.fields["conversation_ids"] = ConversationIDsField(
            label=_("Conversation ID"), required=False, organizations=organizations
        )

    def _set_choices(self):
        types = {case_type.code: in_language(case_type.definition) for case_type in self.rules.case_types}
        self.fields["case_type"].choices = [(code, CASE_TYPES[code]) for code in types or CASE_TYPES]
        self.fields["case_type"].choice_hints = types
        areas = [(area.code, in_language(area.name)) for area in self.rules.product_areas]
        self.fields["product_area"].choices = [("", _("Choose if you know it")), *areas]
        self.fields["priority_code"].choices = [(priority.code, in_language(priority.name)) for priority in self.rules.priorities]
        self.fields["priority_code"].choice_hints = {priority.code: self.hint_of(priority) for priority in self.rules.priorities}
        self.fields["priority_code"].widget.critical = tuple(
            each.code for each in self.rules.priorities if each.severity_rank == 1
        )
        self.fields["workability"].choices = CaseDetails.Workability.choices
        self.fields["workaround"].choices = CaseDetails.Workaround.choices
        self.fields["happened_zone"].choices = [(zone, zone) for zone in self._zones()]

    def _zones(self):
        own = dict.fromkeys([self.contact.time_zone, self.sheet.organization.time_zone, "UTC"])
        return [*own, *sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and zone not in own)]

    def _set_what_is_asked(self):
        asked = {field.code: field for field in self.rules.intake}
        for name in [name for name in ONLY_WHERE_ASKED if name not in asked]:
            del self.fields[name]
        if not self.rules.product_areas:
            del self.fields["product_area"]
        for name, field in self.fields.items():
            code = "attachments" if name == "files" else name
            if code in asked:
                field.required = field.required or (asked[code].required and name != "files")
                field.help_text = in_language(asked[code].help) or field.help_text
            if name in REQUIRED:
                field.error_messages["required"] = REQUIRED[name]
        if any(self.portal_rule(priority) == TAKEN_WITH_PHONE for priority in self.rules.priorities):
            for name in ("reachable_name", "reachable_phone"):
                self.fields[name].is_needed = True  # shown with such a priority only, and then it must be answered
        self.order_fields([name for _code, _heading, names in SECTIONS for name in names])

    def _set_initial(self):
        """What we know already need not be typed; an organization's own values are only given where there is no other to mix it up with."""
        self.initial.setdefault("happened_zone", self.contact.time_zone)
        self.initial.setdefault("reachable_name", self.contact.name)
        self.initial.setdefault("reachable_phone", self.contact.phone)
        self.initial.setdefault("short_name", self.sheet.organization.short_name)
        self.initial.setdefault("organization_id", str(self.sheet.organization.organization_id))

    @property
    def sections(self):
        """The fields in their order, as (code, heading, fields); sections of which nothing is asked are left out."""
        present = [(code, heading, [self[name] for name in names if name in self.fields]) for code, heading, names in SECTIONS]
        return [(code, heading, fields) for code, heading, fields in present if fields]

    # --- priorities ---

    def portal_rule(self, priority):
        """What this channel does with a priority: TAKEN, TAKEN_WITH_PHONE or PHONE_ONLY (never on the phone itself)."""
        is_on_phone = self.channel == Case.Channel.PHONE and priority.portal == PHONE_ONLY
        return TAKEN_WITH_PHONE if is_on_phone else priority.portal

    def hint_of(self, priority):
        """A priority's definition and the first response that is aimed at, in the policy's words."""
        plan = self.sheet.agreement.plan if self.sheet.agreement else ""
        conditions = Conditions(severity=priority.severity_rank, plan=plan, channel=self.channel, scope=Case.Scope.UNKNOWN)
        target = target_for(self.rules, FIRST_RESPONSE, conditions)
        return " ".join(filter(None, (in_language(priority.definition), target and in_language(target.clause))))

    @property
    def priority(self):
        """The priority that was chosen, or None; also where other fields are wrong."""
        return self.rules.priority(self["priority_code"].value() or "")

    # --- checks across fields ---

    def clean(self):
        """What one answer makes necessary in another."""
        answers = super().clean()
        priority = self.rules.priority(answers.get("priority_code", ""))
        if priority and priority.severity_rank in GRAVE:
            self._require("business_impact")
        if priority and self.portal_rule(priority) == TAKEN_WITH_PHONE:
            self._require("reachable_name")
            self._require("reachable_phone")
        answers["happened_at"] = self._happened_at(answers)
        return answers

    def _require(self, name):
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, ValidationError(REQUIRED[name], code="required"))

    def clean_reachable_phone(self):
        """A number that can be dialed."""
        phone = self.cleaned_data["reachable_phone"]
        if phone and sum(char.isdecimal() for char in phone) < 5:
            raise ValidationError(_("Enter a phone number with its country code."), code="phone")
        return phone

    def _happened_at(self, answers):
        wall = answers.get("happened_at")
        if not wall:
            return None
        zone = zoneinfo.ZoneInfo(answers.get("happened_zone") or self.contact.time_zone)
        if wall.year < 2000:
            return self.add_error("happened_at", ValidationError(_("Enter a date after the year 2000."), code="too_early"))
        if wall.year > self.now.year + 1 or wall.replace(tzinfo=zone) > self.now + TICK:
            return self.add_error(
                "happened_at", ValidationError(_("This lies in the future. Check date and time zone."), code="future")
            )
        return wall.replace(tzinfo=zone).astimezone(UTC)

    # --- the answers ---

    def intake(self, *, language, checklist=()):
        """The answers of a valid form, as `actions.open_case` takes them."""
        names = set(IntakeData.__dataclass_fields__) & set(self.cleaned_data)
        answers = {name: self.cleaned_data[name] for name in names}
        is_significant = answers["workability"] == "NO" or (answers["workability"], answers["workaround"]) == ("DEGRADED", "NO")
        return IntakeData(
            **answers
            | {
                "conversation_ids": tuple(UUID(each) for each in answers.get("conversation_ids", ())),
                "happened_zone": answers["happened_zone"] if answers["happened_at"] else "",
                "language": language,
                "checklist": tuple(checklist),
                "is_impact_significant": is_significant,
            }
        )
