"""How allauth signs people in here."""

import base64
import logging
import secrets

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils import translation

from portal import secrets_at_rest

logger = logging.getLogger(__name__)


def has_second_factor(request):
    """Has this session been signed in with a second factor (SAFETY 2)?"""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def lacks_second_factor(request):
    """Care staff must have passed a second factor where the site requires it; customers need not."""
    return settings.REQUIRE_SECOND_FACTOR and request.user.is_staff and not has_second_factor(request)


class AccountAdapter(DefaultAccountAdapter):
    """No public sign-up: contacts apply and are approved (SPEC 1)."""

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """In the language of the person it goes to, whoever's browser asked for it."""
        user = context.get("user")
        with translation.override(user.language if user else translation.get_language()):
            super().send_mail(template_prefix, email, context | {"vendor_name": settings.VENDOR_NAME})

    def format_email_subject(self, subject):
        return str(subject)


class MFAAdapter(DefaultMFAAdapter):
    """Seeds of the second factor are encrypted at rest (STACK 2.5)."""

    def get_totp_issuer(self):
        return f"{settings.VENDOR_NAME} – {settings.BRAND}"

    def encrypt(self, text):
        return secrets_at_rest.encrypt(text)

    def decrypt(self, encrypted_text):
        """The seed; where no key fits any more, one that no code matches: the person is helped by an administrator, not met by an error page."""
        seed = secrets_at_rest.decrypt(encrypted_text)
        if seed is None:
            logger.error("A second-factor seed cannot be decrypted: SECRET_KEY was changed without SECRET_KEY_FALLBACKS.")
            return base64.b32encode(secrets.token_bytes(20)).decode()
        return seed
