"""What the care team types on a case (UX S3 to S5): words and moments are checked here, rights by the action."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.case_forms import CaseActionForm
from cases.forms import LineField, WordsField
from cases.models import Case, User
from cases.policy_sheet import sheet_of
from cases.rca_owed import owes_preliminary
from sla.moments import moment_text
from sla.policies import rules_of
from sla.texts import in_language

from .moment_fields import first_future, latest_past, moment_field
from .severity_effect import effects_of_severity

AWAIT_CUSTOMER = ("await_customer", _("Await the customer"))
NOT_ADEQUATE = ("not_adequate", _("Answer not adequate: keep waiting"))
THIRD_PARTY_REPLIED = ("third_party_replied", _("Third party answered"))
RESUME = ("resume", _("Resume work"))
STATUS_CHANGES = {
    Case.Status.NEW: [AWAIT_CUSTOMER],
    Case.Status.IN_PROGRESS: [AWAIT_CUSTOMER, NOT_ADEQUATE],
    Case.Status.AWAITING_CUSTOMER: [RESUME],
    Case.Status.AWAITING_THIRD_PARTY: [THIRD_PARTY_REPLIED, RESUME, AWAIT_CUSTOMER],
    Case.Status.RESOLUTION_PROPOSED: [RESUME],
    Case.Status.CLOSED: [],
}


AS_IT_IS = "as_it_is"


class CaseForm(CaseActionForm):
    """A form about one case, as it was when the form was shown. Its fields are named after the action's parameters."""

    def __init__(self, *args, case, now, **options):
        super().__init__(*args, case=case, **options)
        self.case, self.now = case, now

    @property
    def arguments(self):
        """What was typed or chosen, by the names of the action's parameters."""
        return {name: self.cleaned_data[name] for name, field in self.fields.items() if not field.widget.is_hidden}

    def show_again_for(self, page):
        """After somebody else's change: what was typed stays, and sending it again is meant for the case as it is now."""
        self.data = self.data.copy()
        self.data["version"], self.data["seen"] = page.case.version, page.latest_key

    def _in_the_case(self, name):
        """The moment typed in this field: after the opening, and not in the future."""
        moment = latest_past(self.cleaned_data[name], self.now)
        if moment < self.case.opened_at.replace(second=0, microsecond=0):
            opened = moment_text(self.case.opened_at)
            raise ValidationError(gettext("The case was opened later: %(when)s."), params={"when": opened})
        if moment > self.now:
            raise ValidationError(gettext("Enter a time that is not in the future."))
        return max(moment, self.case.opened_at)


class ReplyForm(CaseForm):
    """To the customer: a form of its own, which cannot be mistaken for a note."""

    text = WordsField(label=_("Your reply"))
    then = forms.TypedChoiceField(
        label=_("After sending, set the status"),
        choices=[(AS_IT_IS, _("As it is")), (Case.Status.AWAITING_CUSTOMER, Case.Status.AWAITING_CUSTOMER.label)],
        coerce=lambda value: "" if value == AS_IT_IS else value,
        initial=AS_IT_IS,
        widget=forms.RadioSelect,
    )
    files = forms.FileField(label=_("Attachments"), required=False)  # kept with the draft by the view

    @property
    def arguments(self):
        return {name: value for name, value in super().arguments.items() if name != "files"}


class NoteForm(CaseForm):
    text = WordsField(label=_("Your note"))


class CallForm(CaseForm):
    started_at = moment_field(_("Start of the call"), help_text=_("Both times are shown: when it began and when it was logged."))
    with_customer = forms.BooleanField(
        label=_("With the customer"),
        required=False,
        initial=True,
        help_text=_("A call with the customer counts as a response, and the customer sees it."),
    )
    text = WordsField(label=_("What was said"))

    def clean_started_at(self):
        return self._in_the_case("started_at")


class AssignForm(CaseForm):
    owner = forms.ModelChoiceField(
        label=_("Case owner"), queryset=User.objects.none(), required=False, empty_label=_("Unassigned")
    )

    def __init__(self, *args, case, **options):
        super().__init__(*args, case=case, **options)
        able = [person.pk for person in User.objects.possible_owners(case.organization)]
        self.fields["owner"].queryset = User.objects.filter(pk__in=able).order_by("name", "pk")
        self.initial.setdefault("owner", case.owner_id)


class SeverityForm(CaseForm):
    """S4. The reason is told to the customer."""

    rank = forms.TypedChoiceField(label=_("New severity"), coerce=int, widget=forms.RadioSelect)
    reason = WordsField(label=_("Reason"), help_text=_("The customer reads it."))

    def __init__(self, *args, case, now, **options):
        super().__init__(*args, case=case, now=now, **options)
        levels = [level for level in rules_of(case.policy_version).severities if level.rank != case.severity_rank]
        effects = effects_of_severity(case, [level.rank for level in levels], now=now)
        self.fields["rank"].choices = [(level.rank, in_language(level.name)) for level in levels]
        self.fields["rank"].choice_hints = {
            level.rank: format_html("{}<br>{}", in_language(level.definition), effects[level.rank]) for level in levels
        }


class PriorityForm(CaseForm):
    """On the customer's behalf, as the policy says how a higher priority is asked for."""

    code = forms.ChoiceField(label=_("New priority"), widget=forms.RadioSelect)
    reason = WordsField(label=_("Reason"), help_text=_("The customer reads it."))

    def __init__(self, *args, case, **options):
        super().__init__(*args, case=case, **options)
        priorities = [one for one in rules_of(case.policy_version).priorities if one.code != case.priority_code]
        self.fields["code"].choices = [(one.code, in_language(one.name)) for one in priorities]
        self.fields["code"].choice_hints = {one.code: in_language(one.definition) for one in priorities}


class AnswerForm(CaseForm):
    """Why priority or severity stay as they are."""

    reason = WordsField(label=_("Reason"), help_text=_("The customer reads it."))


class ScopeForm(CaseForm):
    scope = forms.ChoiceField(
        label=_("Scope"),
        choices=Case.Scope.choices,
        help_text=_("An incident is isolated when it is not published on the status page."),
    )
    is_impact_significant = forms.BooleanField(label=_("Significant business impact"), required=False)
    reason = WordsField(label=_("Reason"), required=False, help_text=_("The customer reads it."))

    def __init__(self, *args, case, **options):
        here = {"scope": case.scope, "is_impact_significant": case.is_impact_significant}
        super().__init__(*args, case=case, initial=here, **options)

    def clean(self):
        """That a third party is concerned can take a target away: the customer is told why (SPEC 5)."""
        answers = super().clean()
        is_new = answers.get("scope") == Case.Scope.THIRD_PARTY != self.case.scope
        if is_new and "reason" not in self.errors and not answers.get("reason"):
            self.add_error("reason", gettext("Say why this is a third-party issue."))
        return answers


class StatusForm(CaseForm):
    """The workspace's buttons: which ones there are depends on the status."""

    change = forms.ChoiceField()

    def __init__(self, *args, case, **options):
        super().__init__(*args, case=case, **options)
        self.fields["change"].choices = STATUS_CHANGES[case.status]


class ThirdPartyForm(CaseForm):
    name = forms.CharField(
        label=_("Whom we are waiting for"),
        max_length=100,
        help_text=_("For example development, cloud operations or a vendor. The customer reads it."),
    )
    reference = forms.CharField(label=_("Their reference"), max_length=100, required=False, help_text=_("Internal only"))
    link = forms.CharField(label=_("Link"), max_length=500, required=False, help_text=_("Internal only"))
    promised_on = forms.DateField(
        label=_("Promised for"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}, format="%Y-%m-%d"),
    )

    def clean_link(self):
        link = self.cleaned_data["link"].strip()
        if link:
            URLValidator(schemes=["http", "https"], message=gettext("Enter an address that begins with https://."))(link)
        return link


class PromiseForm(CaseForm):
    promised_at = moment_field(_("Next update by"))

    def clean_promised_at(self):
        promised_at = first_future(self.cleaned_data["promised_at"], self.now)
        if promised_at <= self.now:
            raise ValidationError(gettext("Enter a time in the future."))
        return promised_at


class ExpectationForm(CaseForm):
    """When the case will be resolved, as far as is known now. The customer is told at once."""

    expected_at = moment_field(_("Expected resolution"))
    reason = WordsField(label=_("Reason"), help_text=_("The customer reads it."))

    def clean_expected_at(self):
        expected_at = first_future(self.cleaned_data["expected_at"], self.now)
        if expected_at <= self.now:
            raise ValidationError(gettext("Enter a time in the future."))
        return expected_at


class ReviewForm(CaseForm):
    """What the teams found out about a case that took too long."""

    teams = WordsField(label=_("Teams that took part"), limit=1000)
    outcome = WordsField(label=_("Outcome"), help_text=_("Internal only"))


class RestoredForm(CaseForm):
    restored_at = moment_field(_("Service restored at"))

    def clean_restored_at(self):
        return self._in_the_case("restored_at")


class ResolutionForm(CaseForm):
    """S5."""

    summary = WordsField(label=_("Resolution summary"), help_text=_("What was wrong and what was done. The customer reads it."))

    preliminary = WordsField(
        label=_("Preliminary RCA"), help_text=_("What is known of the cause, in a few sentences. The customer reads it.")
    )

    def __init__(self, *args, case, **options):
        super().__init__(*args, case=case, **options)
        if not owes_preliminary(case):
            del self.fields["preliminary"]


class CaseSummaryForm(CaseForm):
    """In the place of an RCA, for isolated cases of the severities that the policy names."""

    description = WordsField(label=_("Description"), help_text=_("What happened and whom it affected. The customer reads it."))
    findings = WordsField(label=_("Cause or findings"), help_text=_("The customer reads it."))
    restoration = WordsField(label=_("Restoration and corrective actions"), help_text=_("The customer reads it."))


class FollowUpForm(CaseForm):
    """A case of its own for what is left over from a closed one."""

    subject = LineField(label=_("Subject"), limit=200)
    priority_code = forms.ChoiceField(label=_("Priority"), widget=forms.RadioSelect)
    description = WordsField(label=_("What is left to do"), help_text=_("The customer reads it."))

    def __init__(self, *args, case, **options):
        super().__init__(*args, case=case, **options)
        self.fields["priority_code"].choices = [
            (priority.code, in_language(priority.name)) for priority in sheet_of(case.organization, at=self.now).rules.priorities
        ]
        self.initial.setdefault("subject", case.subject)


class ReopeningForm(CaseForm):
    reason = WordsField(label=_("Reason"), help_text=_("The customer reads it."))


class RedactionForm(CaseForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("It stays in the timeline, with your name, in the place of the text. Do not repeat what you remove."),
    )
