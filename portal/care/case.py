"""S3: the workspace of a case (UX 3.2)."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from cases.models import Case


def care_case(request, number):
    """S3: everything about a case, and what can be done with it."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_list().numbered(number))
    return render(request, "care/case.html", {"case": case, "now": timezone.now()})
