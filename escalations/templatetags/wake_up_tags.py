from django import template

from cases.models.cases import CRITICAL

from ..models import WakeUp

register = template.Library()


@register.inclusion_tag("escalations/_wake_up.html", takes_context=True)
def wake_up_of(context, case):
    """On the workspace of a severity-1 case: who is being woken, and the button that ends the calls. Asks nothing for other cases."""
    request = context["request"]
    if case.severity_rank != CRITICAL or case.is_closed:
        return {"wake_up": None}
    waiting = WakeUp.objects.visible_to(request.user).filter(case=case, acknowledged_at=None)
    return {"wake_up": waiting.select_related("person").first(), "csrf_token": context.get("csrf_token")}
