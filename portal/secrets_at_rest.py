"""Secrets that must be read again (second-factor seeds) are kept encrypted, under keys derived from SECRET_KEY and its fallbacks."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def encrypt(text):
    """The text, encrypted under today's key."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token):
    """The text again, by today's key or an earlier one; None where no key fits (SECRET_KEY was changed without a fallback)."""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def _fernet():
    return MultiFernet([Fernet(_key(secret)) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _key(secret):
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"portal secrets at rest").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
