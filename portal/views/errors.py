"""Error pages in the reader's language (UX C17). 500 and 503 need neither database nor session."""

from django.shortcuts import render

from portal.kept_text import page_of_form, typed_text


def csrf_failure(request, reason=""):
    """A form whose protection ran out (signed in or out meanwhile, cookies refused): nothing saved, but no word lost."""
    return render(request, "403_csrf.html", {"typed": typed_text(request.POST), "page": page_of_form(request)}, status=403)
