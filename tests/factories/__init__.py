"""Rows for tests, by factory_boy. Stories are set up with the real actions; factories make what actions need: people, agreements, policies."""

from .mail import OutboxMessageFactory
from .people import AgreementFactory, MembershipFactory, OrganizationFactory, StaffFactory, UserFactory
from .policies import CalendarVersionFactory, PolicyVersionFactory, SupportPolicyFactory

__all__ = [
    "AgreementFactory",
    "CalendarVersionFactory",
    "MembershipFactory",
    "OrganizationFactory",
    "OutboxMessageFactory",
    "PolicyVersionFactory",
    "StaffFactory",
    "SupportPolicyFactory",
    "UserFactory",
]
