"""Subscribing to the status page by mail, without an account: ask, confirm by the mailed link, end by the mailed link (SPEC 7).

A GET changes nothing: programs that look into mails open every link in them.
"""

from allauth.core.ratelimit import consume, respond_429
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from ..actions.subscriptions import confirm_subscription, end_subscription, subscribe
from ..models import StatusSubscriber
from ..subscription_forms import LanguageForm, SubscriptionForm
from .asked_language import asked_language, in_asked_language

LIMITED = "status_subscription"  # in settings.ACCOUNT_RATE_LIMITS
READ_OR_SEND = ["GET", "HEAD", "POST"]


@login_not_required
@never_cache
@require_http_methods(READ_OR_SEND)
@in_asked_language
def status_subscription(request):
    """The form. Its answer is the same whether or not the address is known (SAFETY 3)."""
    form = SubscriptionForm(_sent(request), initial=_own_choices(request.user))
    if not form.is_valid():
        return render(request, "escalations/status_subscription.html", {"form": form}, status=422 if form.errors else 200)
    if not consume(request, action=LIMITED):
        return respond_429(request)
    zone = request.user.time_zone if request.user.is_authenticated else "UTC"
    subscribe(form.cleaned_data["address"], language=form.cleaned_data["language"], time_zone=zone, now=timezone.now())
    return HttpResponseRedirect(
        f"{reverse('status_subscription_sent')}?{urlencode({'lang': translation.get_language()})}", status=303
    )


@login_not_required
@require_safe
@in_asked_language
def status_subscription_sent(request):
    """Look into your mail."""
    return render(request, "escalations/status_subscription_sent.html")


@login_not_required
@never_cache
@require_http_methods(READ_OR_SEND)
def status_subscription_confirm(request, token):
    """Where the mailed link leads: a button that confirms, and the language of the mails."""
    subscriber = get_object_or_404(StatusSubscriber.objects.with_token(token))
    language = asked_language(request) if "lang" in request.GET else subscriber.language
    form = LanguageForm(_sent(request), initial={"language": language})
    if not form.is_valid():
        return _subscription_page(request, subscriber, language, {"form": form}, status=422 if form.errors else 200)
    language = form.cleaned_data["language"]
    is_confirmed = confirm_subscription(subscriber, language=language, now=timezone.now())
    return _subscription_page(request, subscriber, language, {"is_confirmed": is_confirmed, "form": form})


@login_not_required
@never_cache
@csrf_exempt  # mail programs send this POST for their readers (RFC 8058); the token in the address entitles to it
@require_http_methods(READ_OR_SEND)
def status_subscription_end(request, token):
    """A button that ends the subscription, and the answer to the one click of a mail program: no redirect, no question."""
    subscriber = get_object_or_404(StatusSubscriber.objects.with_token(token))
    if request.method == "POST":
        end_subscription(subscriber, now=timezone.now())
        subscriber.refresh_from_db()
    return _subscription_page(request, subscriber, subscriber.language, {"is_ending": True, "form": None})


def _subscription_page(request, subscriber, language, context, status=200):
    """In the language of the mail that led here."""
    with translation.override(language):
        context = {"is_confirmed": False, "is_ending": False, **context, "subscriber": subscriber}
        return render(request, "escalations/status_subscriber.html", context, status=status)


def _sent(request):
    return request.POST if request.method == "POST" else None


def _own_choices(user):
    if user.is_authenticated:
        return {"address": user.email, "language": user.language}
    return {"language": translation.get_language()}
