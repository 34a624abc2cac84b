"""The support policy that counts for an organization, as one reader sees it: its own numbers, links and offerings."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.urls import reverse

from sla.models import PolicyVersion
from sla.policies import current_version, default_policy, rules_of
from sla.policy_rules import PolicyRules
from sla.policy_words import all_texts, target_tables
from sla.texts import is_fallback

from .agreements import agreement_in_force
from .models import Agreement, Organization

STATUS_PAGE = "status_page"  # the code of a policy's link


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
        return [_ours(link) for link in self.rules.links if self._concerns(link.country)]

    @property
    def offerings(self):
        return [
            offering
            for offering in self.rules.offerings
            if self._concerns(offering.country) and self._is_served_from(offering.support_region)
        ]

    @property
    def entitled_offerings(self):
        """What the organization's license includes; everything while no agreement says which license there is (SPEC 2)."""
        license_code = self.agreement.license if self.agreement else None
        return [each for each in self.offerings if not each.licenses or license_code is None or license_code in each.licenses]

    def includes(self, channel):
        """May cases be opened by this channel? Where the policy offers it to nobody by name, it is open to all."""
        offered = [offering for offering in self.rules.offerings if channel in offering.channels]
        return not offered or any(channel in offering.channels for offering in self.entitled_offerings)

    @property
    def plan(self):
        """The name of the organization's plan in this policy, or None."""
        plans = {plan.code: plan.name for plan in self.rules.plans}
        return plans.get(self.agreement.plan) if self.agreement else None

    def _concerns(self, country):
        return not country or self.organization is None or country == self.organization.country

    def _is_served_from(self, support_region):
        return not support_region or self.organization is None or support_region == self.organization.support_region


def _ours(link):
    """The portal's own status page where a policy gives an example address for it."""
    is_example = link.code == STATUS_PAGE and (urlsplit(link.url).hostname or "").endswith("example.com")
    return replace(link, url=reverse("status_page")) if is_example else link


def sheet_of(organization, *, at):
    """The policy of an organization's agreement in force, or the default policy (also for no organization at all)."""
    if organization is None:
        return sheet_of_policy(default_policy())
    agreement = agreement_in_force(organization, at=at)
    version = current_version(agreement.policy if agreement else default_policy())
    return PolicySheet(version, rules_of(version), organization, agreement)


def sheet_of_policy(policy):
    """A policy as it is published now, for nobody in particular."""
    version = current_version(policy)
    return PolicySheet(version, rules_of(version))
