from django.shortcuts import render


def csrf_failure(request, reason=""):
    """A form whose protection ran out (signed out, cookie gone): say so, and that the draft is safe."""
    return render(request, "403_csrf.html", status=403)
