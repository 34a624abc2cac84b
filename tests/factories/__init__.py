"""Rows for tests, by factory_boy. Stories are set up with the real actions; factories make what actions need: people, agreements, policies."""

from .incidents import (
    ComponentFactory,
    IncidentComponentFactory,
    IncidentFactory,
    IncidentUpdateFactory,
    MaintenanceFactory,
    RegionFactory,
    StatusSubscriberFactory,
)
from .mail import OutboxMessageFactory
from .people import AgreementFactory, MembershipFactory, OrganizationFactory, StaffFactory, UserFactory
from .policies import CalendarVersionFactory, PolicyVersionFactory, SupportPolicyFactory

__all__ = [
    "AgreementFactory",
    "CalendarVersionFactory",
    "ComponentFactory",
    "IncidentComponentFactory",
    "IncidentFactory",
    "IncidentUpdateFactory",
    "MaintenanceFactory",
    "MembershipFactory",
    "OrganizationFactory",
    "OutboxMessageFactory",
    "PolicyVersionFactory",
    "RegionFactory",
    "StaffFactory",
    "StatusSubscriberFactory",
    "SupportPolicyFactory",
    "UserFactory",
]
