"""The facts of a case beside its timeline, as rows of (term, text) in the reader's language: for customers and the care team."""

import re

from django.utils.translation import gettext as _

from sla.moments import moment_text
from sla.texts import in_language

from .models import Case, CaseDetails

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def facts_of(case, rules):
    """What the case is: organization, IDs, type, priority and severity with their definitions, people, channel, policy. One query."""
    organization = case.organization
    rows = [
        (_("Organization"), organization.name),
        (_("Organization short name"), organization.short_name),
        (_("Organization ID"), str(organization.organization_id)),
        *((_("Conversation ID"), str(reference.conversation_id)) for reference in case.conversations.all()),
        (_("Case type"), case.get_case_type_display()),
        (_("Product area"), _product_area(case, rules)),
        (_("Priority"), _named(rules.priority(case.priority_code), default=case.priority_code)),
        (_("Severity"), _named(rules.severity(case.severity_rank))),
        (_("Scope of the problem"), "" if case.scope == Case.Scope.UNKNOWN else case.get_scope_display()),
        (_("Opened by"), case.opened_by.name),
        (_("Case owner"), case.owner.name if case.owner else _("Nobody yet")),
        (_("Reachable at any time"), " ".join(filter(None, (case.reachable_name, case.reachable_phone)))),
        (_("Channel"), case.get_channel_display()),
        (_("Support plan"), _plan(case, rules)),
        (_("Support policy"), in_language(rules.name)),
    ]
    return [(term, text) for term, text in rows if text]


def is_id(text):
    """Is this an ID that people copy?"""
    return bool(ID.fullmatch(text))


def answers_of(case):
    """What was answered at opening beyond the description, as (question, text) rows; only what was answered."""
    details = getattr(case, "details", None)
    if details is None:
        return []
    happened = moment_text(details.happened_at) if details.happened_at else ""
    rows = [
        (_("Can work go on?"), details.get_workability_display()),
        (_("Workaround"), details.get_workaround_display()),
        *((_label(name), getattr(details, name)) for name in ("users_affected", "business_impact")),
        (_("When it happened"), happened),
        *((_label(name), getattr(details, name)) for name in REST),
    ]
    return [(question, text) for question, text in rows if text]


REST = ("frequency", "steps", "environment_changes", "troubleshooting", "api_request", "api_response")


def _label(name):
    label = str(CaseDetails._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _named(level, default=""):
    return f"{in_language(level.name)}\n{in_language(level.definition)}" if level else default


def _plan(case, rules):
    return next((in_language(plan.name) for plan in rules.plans if plan.code == case.plan), case.plan)


def _product_area(case, rules):
    return next((in_language(area.name) for area in rules.product_areas if area.code == case.product_area), case.product_area)
