"""C18, how we support you: the support policy of one's organization as data; for care staff, any policy."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sla.policies import default_policy, published_policies

from ..models import Organization
from ..policy_sheet import sheet_of, sheet_of_policy
from .choices import chosen, uuid_of


@require_safe
def support_policy(request):
    """The policy that counts for the reader; several organizations, or care staff: the reader chooses."""
    if request.user.is_staff:
        policies = list(published_policies())
        sheet = sheet_of_policy(chosen(policies, "code", request.GET.get("policy"), default_policy()))
        return render(request, "cases/support_policy.html", {"sheet": sheet, "policies": policies})
    organizations = list(Organization.objects.visible_to(request.user).order_by("name", "pk"))
    first = organizations[0] if organizations else None
    organization = chosen(organizations, "organization_id", uuid_of(request.GET.get("organization")), first)
    return render(
        request, "cases/support_policy.html", {"sheet": sheet_of(organization, at=timezone.now()), "organizations": organizations}
    )
