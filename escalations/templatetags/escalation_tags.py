"""Escalations on the pages of cases: how the latest one stands, and the way to the next (SPEC 6, UX C8). No query of their own."""

from django import template

from cases.timeline_items import level_name as level_words

from ..escalation_facts import eligibility_in
from ..escalation_sign import LOOKS, sign_of
from ..models import Escalation
from ..permissions import can_decide_escalations, can_escalate

register = template.Library()


@register.simple_tag
def level_name(case, code):
    """The name of a level in the case's policy, in the reader's language."""
    return level_words(case, code)


@register.inclusion_tag("components/_pill.html")
def state_pill(state):
    """How an escalation stands."""
    icon, kind = LOOKS[Escalation.State(state)]
    return {"text": Escalation.State(state).label, "icon": icon, "kind": kind}


@register.inclusion_tag("escalations/_escalation_pill.html")
def escalation_pill(page):
    """For the head of a case: that it is escalated, and to which level; nothing where it is not."""
    sign = sign_of(page.outline) if page.case.is_escalated else None
    return {"level": level_words(page.case, sign.level_code) if sign else ""}


@register.inclusion_tag("escalations/_escalation_panel.html", takes_context=True)
def escalation_panel(context, page):
    """For the case page of customers: how the escalation stands, or whether and from when the case can be escalated."""
    sign, may_ask = sign_of(page.outline), can_escalate(page.reader, page.case, page.standing)
    is_offered = bool(may_ask and page.rules.escalation.levels)
    is_asked = is_offered and not (sign and sign.is_active)
    return {
        "case": page.case,
        "now": context["now"],
        "sign": sign,
        "may_ask": may_ask,
        "is_offered": is_offered,
        "found": eligibility_in(page.case, page.states, by=page.reader, has_unread_update=False) if is_asked else None,
    }


@register.inclusion_tag("escalations/_care_escalation_panel.html", takes_context=True)
def care_escalation_panel(context, page):
    """For the workspace of the care team: the latest escalation, and what can be decided."""
    sign = sign_of(page.outline)
    return {
        "case": page.case,
        "now": context["now"],
        "sign": sign,
        "may_decide": bool(sign and can_decide_escalations(page.reader, page.case, page.standing)),
    }
