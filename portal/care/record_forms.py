"""The admin's forms of people and organizations: what may be set once, what only together (SPEC 1)."""

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.models import Agreement, Membership, Organization, SupportRegion, User
from sla.policies import current_version, rules_of

from .records import LabeledFormSet


class UserForm(forms.ModelForm):
    support_regions = forms.MultipleChoiceField(
        label=_("support regions"),
        choices=SupportRegion.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Care staff only: the support regions this person is cleared for."),
    )

    groups = forms.ModelMultipleChoiceField(
        label=_("groups"), queryset=Group.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = [
            *("email", "name", "phone", "is_active", "language", "time_zone", "theme", "live_updates"),
            *("is_staff", "is_superuser", "groups", "support_regions"),
        ]

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class OrganizationForm(forms.ModelForm):
    class Meta:
        model = Organization
        fields = [
            *("name", "short_name", "organization_id", "cloud_region", "country", "time_zone", "language"),
            *("support_region", "phone_region", "tam"),
        ]

    def clean_short_name(self):
        return self.cleaned_data["short_name"].strip().lower()

    def clean_country(self):
        return self.cleaned_data["country"].strip().upper()

    def clean_tam(self):
        """A TAM is of the care team."""
        tam = self.cleaned_data["tam"]
        if tam and not tam.is_staff:
            raise ValidationError(_("Choose somebody of the care team."))
        return tam


class MembershipForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["user", "organization", "role", "is_active"]

    def validate_constraints(self):
        """One primary contact is a rule about all rows together: the form set checks it, so that two contacts can swap their roles."""
        self.instance.validate_constraints(exclude={*self._get_validation_exclusions(), "role"})


class MembershipFormSet(LabeledFormSet):
    """An organization has one primary contact at most; the former one is written first."""

    def clean(self):
        super().clean()
        if sum(map(_is_primary, self.forms)) > 1:
            raise ValidationError(_("An organization has exactly one primary contact. Make the other one a backup contact."))

    def save_existing_objects(self, commit=True):
        count = self.initial_form_count()
        self.forms[:count] = sorted(self.forms[:count], key=_is_primary)
        return super().save_existing_objects(commit)


def _is_primary(form):
    values = getattr(form, "cleaned_data", {})
    return values.get("role") == Membership.Role.PRIMARY and values.get("is_active", False)


class AgreementForm(forms.ModelForm):
    """Once made, an agreement can only be ended: cases rest on it."""

    class Meta:
        model = Agreement
        fields = ["policy", "plan", "license", "calendar", "starts_on", "ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in set(self.fields) - {"ends_on"}:
                self.fields[name].disabled = True

    def clean(self):
        """Plan and license are those that the policy knows: clocks and offerings hang on them."""
        answers = super().clean()
        if answers.get("policy") and not self.instance.pk:
            rules = rules_of(current_version(answers["policy"]))
            self._check_code("plan", rules.plans)
            self._check_code("license", rules.licenses)
        return answers

    def _check_code(self, name, known):
        codes = [each.code for each in known]
        if self.cleaned_data.get(name) and self.cleaned_data[name] not in codes:
            listed = ", ".join(codes)
            told = _("The policy knows: %(codes)s.") if codes else _("The policy knows none: leave this empty.")
            self.add_error(name, ValidationError(told, params={"codes": listed}))
