from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..models import Case


@require_safe
def case(request, number):
    """C7: one case, as its customer sees it."""
    found = get_object_or_404(Case.objects.visible_to(request.user).numbered(number).for_list())
    return render(request, "cases/case.html", {"case": found, "now": timezone.now()})
