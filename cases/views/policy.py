"""C18, how we support you: the support policy of one's organization as data; for care staff, any policy."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from sla.models import PolicyVersion
from sla.policies import current_version, default_policy, published_policies, rules_of
from sla.policy_rules import PolicyRules
from sla.policy_words import all_texts, target_tables
from sla.texts import is_fallback

from ..actions.opening import agreement_in_force
from ..models import Agreement, Organization


@dataclass(frozen=True, slots=True)
class PolicySheet:
    """A policy as one reader sees it: an organization's own numbers, links and offerings, or all of them."""

    version: PolicyVersion
    rules: PolicyRules
    organization: Organization | None = None
    agreement: Agreement | None = None

    @property
    def is_default(self):
        """The default policy counts because the organization has no agreement in force."""
        return self.organization is not None and self.agreement is None

    @property
    def has_fallbacks(self):
        return any(is_fallback(text) for text in all_texts(self.rules))

    @property
    def tables(self):
        return target_tables(self.rules)

    @property
    def phone_region(self):
        return self.organization.phone_region if self.organization else ""

    @property
    def phones(self):
        """All of them, the organization's own region first."""
        return sorted(self.rules.phones, key=lambda phone: phone.region != self.phone_region)

    @property
    def links(self):
        return [link for link in self.rules.links if self._concerns(link.country)]

    @property
    def offerings(self):
        return [
            offering
            for offering in self.rules.offerings
            if self._concerns(offering.country) and self._is_served_from(offering.support_region)
        ]

    @property
    def plan(self):
        """The name of the organization's plan in this policy, or None."""
        plans = {plan.code: plan.name for plan in self.rules.plans}
        return plans.get(self.agreement.plan) if self.agreement else None

    def _concerns(self, country):
        return not country or self.organization is None or country == self.organization.country

    def _is_served_from(self, support_region):
        return not support_region or self.organization is None or support_region == self.organization.support_region


def support_policy(request):
    """The policy that counts for the reader; several organizations, or care staff: the reader chooses."""
    if request.user.is_staff:
        policies = list(published_policies())
        sheet = _sheet_of_policy(_chosen(policies, "code", request.GET.get("policy"), default_policy()))
        return render(request, "cases/support_policy.html", {"sheet": sheet, "policies": policies})
    organizations = list(Organization.objects.visible_to(request.user).order_by("name", "pk"))
    first = organizations[0] if organizations else None
    organization = _chosen(organizations, "organization_id", _uuid(request.GET.get("organization")), first)
    return render(request, "cases/support_policy.html", {"sheet": _sheet_of(organization), "organizations": organizations})


def _chosen(choices, attribute, asked, otherwise):
    """The choice that was asked for. Raises Http404 for one that is not among the reader's."""
    if not asked:
        return otherwise
    found = next((choice for choice in choices if getattr(choice, attribute) == asked), None)
    if found is None:
        raise Http404
    return found


def _uuid(text):
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error


def _sheet_of(organization):
    if organization is None:
        return _sheet_of_policy(default_policy())
    agreement = agreement_in_force(organization, at=timezone.now())
    version = current_version(agreement.policy if agreement else default_policy())
    return PolicySheet(version, rules_of(version), organization, agreement)


def _sheet_of_policy(policy):
    version = current_version(policy)
    return PolicySheet(version, rules_of(version))
