"""C18, how we support you: the support policy of one's organization as data; for care staff, any policy."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from sla.policies import default_policy, published_policies

from ..models import Organization
from ..policy_sheet import sheet_of, sheet_of_policy


def support_policy(request):
    """The policy that counts for the reader; several organizations, or care staff: the reader chooses."""
    if request.user.is_staff:
        policies = list(published_policies())
        sheet = sheet_of_policy(_chosen(policies, "code", request.GET.get("policy"), default_policy()))
        return render(request, "cases/support_policy.html", {"sheet": sheet, "policies": policies})
    organizations = list(Organization.objects.visible_to(request.user).order_by("name", "pk"))
    first = organizations[0] if organizations else None
    organization = _chosen(organizations, "organization_id", _uuid(request.GET.get("organization")), first)
    return render(
        request, "cases/support_policy.html", {"sheet": sheet_of(organization, at=timezone.now()), "organizations": organizations}
    )


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
