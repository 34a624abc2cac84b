from django.shortcuts import render


def home(request):
    """C1: what is waiting for the customer, and where to start."""
    return render(request, "portal/home.html")
