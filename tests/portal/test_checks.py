"""`check --deploy` is clean for a production site and names each mistake (SAFETY 10)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from portal.checks import check_production

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "kQ8vN2xR7mT4wZ9pL6sD3fG1hJ5bV0cX-yU_aE8iO2kQ8vN2xR7mT4w",
    "ALLOWED_HOSTS": "support.vendor.test",
    "SITE_URL": "https://support.vendor.test",
    "DATABASE_URL": "postgres://portal:secret@db.vendor.test/portal",
    "EMAIL_URL": "smtp+tls://user:secret@mail.vendor.test:587",
    "DEFAULT_FROM_EMAIL": "Customer Care <support@vendor.test>",
}


def check_deploy(**changes):
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=environment | PRODUCTION | changes, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_check_deploy_is_clean_for_a_production_site():
    result = check_deploy()
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ALLOWED_HOSTS": "*"}, "portal.E002"),
        ({"SITE_URL": "http://support.vendor.test"}, "portal.E003"),
        ({"SECURE_HSTS_SECONDS": "1"}, "portal.E005"),
        ({"BEHIND_PROXY": "true"}, "portal.E006"),
        ({"EMAIL_URL": "consolemail://"}, "portal.E014"),
        ({"CLAMD_URL": "clamav:3310"}, "portal.E017"),
        ({"REQUIRE_SECOND_FACTOR": "false"}, "portal.W011"),
        ({"DEBUG": "true"}, "security.W018"),
    ],
)
def test_check_deploy_names_what_is_wrong_in_the_environment(changes, told):
    result = check_deploy(**changes)
    assert result.returncode == 1
    assert told in result.stderr


def test_production_site_does_not_start_without_its_addresses():
    for name in ("ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL"):
        environment = {key: value for key, value in PRODUCTION.items() if key != name}
        result = subprocess.run(
            [sys.executable, "manage.py", "check"],
            env={"PATH": os.environ["PATH"], **environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert result.returncode != 0
        assert name in result.stderr


def told_by(**changes):
    with override_settings(
        DEMO=False,
        SITE_URL="https://support.vendor.test",
        ALLOWED_HOSTS=["support.vendor.test"],
        SECURE_HSTS_SECONDS=31_536_000,
        CACHES={"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"],
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql"}},
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        DEFAULT_FROM_EMAIL="support@vendor.test",
        REQUIRE_SECOND_FACTOR=True,
        **changes,
    ):
        return [message.id for message in check_production(None)]


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"MIDDLEWARE": [name for name in settings.MIDDLEWARE if "SignedIn" not in name]}, ["portal.E007"]),
        ({"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'self'", "'unsafe-inline'"]}}}, ["portal.E008"]),
        ({"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["'self'"]}}}, ["portal.E008"]),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.vendor.test"]}, ["portal.E004"]),
        ({"MEDIA_ROOT": str(ROOT / "static" / "media")}, ["portal.E013"]),
        ({"Q_CLUSTER": settings.Q_CLUSTER | {"retry": 60}}, ["portal.E016"]),
        ({"Q_CLUSTER": settings.Q_CLUSTER | {"catch_up": True}}, ["portal.E016"]),
        ({"STATUS_FILE": "/no/such/place/status.json"}, ["portal.W018"]),
    ],
)
def test_check_production_names_each_setting(changes, told):
    assert told_by(**changes) == told
