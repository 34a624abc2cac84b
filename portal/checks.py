"""What a production site must not get wrong, beside Django's own deploy checks, which accept `ALLOWED_HOSTS=['*']` and a one-second HSTS (SAFETY 10)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

DAY = 24 * 3600
UNSAFE_SOURCES = ("'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:")
NEEDED_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.middleware.SignedInMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


@register(Tags.security, deploy=True)
def check_production(app_configs, **kwargs):
    """Every setting that matters, each with its own message."""
    if settings.DEMO:
        return [Error("This is the demo: without SECRET_KEY nothing here is fit for customers.", id="portal.E001")]
    return [message for check in CHECKS for message in check()]


def check_addresses():
    hosts = settings.ALLOWED_HOSTS
    if not hosts or any(host.startswith((".", "*")) or host == "*" for host in hosts):
        yield Error("ALLOWED_HOSTS must name the hosts of this site one by one.", id="portal.E002")
    if urlsplit(settings.SITE_URL).scheme != "https":
        yield Error("SITE_URL, the address in mails, must begin with https://.", id="portal.E003")
    if any("*" in origin or not origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS):
        yield Error("CSRF_TRUSTED_ORIGINS must name https origins one by one.", id="portal.E004")


def check_transport():
    if settings.SECURE_HSTS_SECONDS < 30 * DAY:
        yield Error("SECURE_HSTS_SECONDS must be 30 days or more.", id="portal.E005")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield Error(
            "Behind a proxy TRUSTED_PROXY_COUNT must be set: else all visitors share one sign-in limit.", id="portal.E006"
        )


def check_pages():
    missing = [name for name in NEEDED_MIDDLEWARE if name not in settings.MIDDLEWARE]
    if missing:
        yield Error(f"MIDDLEWARE lacks {', '.join(missing)}.", id="portal.E007")
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    unsafe = [name for name, sources in directives.items() if any(source in UNSAFE_SOURCES for source in sources)]
    if unsafe or "default-src" not in directives:
        yield Error(f"The content security policy is open: {', '.join(unsafe) or 'default-src is missing'}.", id="portal.E008")


def check_sign_in():
    if "argon2" not in settings.PASSWORD_HASHERS[0].lower() or any("md5" in name.lower() for name in settings.PASSWORD_HASHERS):
        yield Error("PASSWORD_HASHERS must begin with Argon2 and hold no fast hash.", id="portal.E009")
    if "locmem" in settings.CACHES["default"]["BACKEND"] or "dummy" in settings.CACHES["default"]["BACKEND"]:
        yield Error("The default cache must be shared: sign-in limits and used codes live in it.", id="portal.E010")
    if not settings.REQUIRE_SECOND_FACTOR:
        yield Warning("REQUIRE_SECOND_FACTOR is off: care staff can sign in with a password alone.", id="portal.W011")


def check_data():
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield Warning("DATABASE_URL names SQLite: take PostgreSQL for more than one process.", id="portal.W012")
    media = Path(settings.MEDIA_ROOT).resolve()
    public = [Path(root).resolve() for root in [settings.STATIC_ROOT, *settings.STATICFILES_DIRS] if root]
    if any(media == root or root in media.parents for root in public):
        yield Error("MEDIA_ROOT lies where files are served to everybody.", id="portal.E013")


def check_scanner():
    place = urlsplit(settings.CLAMD_URL)
    if settings.CLAMD_URL and not (place.scheme == "tcp" and place.hostname or place.scheme == "unix" and place.path):
        yield Error("CLAMD_URL must be tcp://host:port or unix:///path of clamd's socket.", id="portal.E017")


def check_mail():
    if settings.EMAIL_BACKEND.endswith(
        ("console.EmailBackend", "filebased.EmailBackend", "dummy.EmailBackend", "locmem.EmailBackend")
    ):
        yield Error("EMAIL_URL sends no mail.", id="portal.E014")
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith((".example", "@localhost", "example.com")):
        yield Error("DEFAULT_FROM_EMAIL is an example address.", id="portal.E015")


def check_jobs():
    queue = settings.Q_CLUSTER
    if queue["retry"] < 4 * queue["timeout"] or queue["catch_up"] or queue["queue_limit"] != queue["workers"]:
        yield Error(
            "Q_CLUSTER: retry must be 4 × timeout or more, catch_up off, queue_limit the number of workers.", id="portal.E016"
        )


def check_status_page():
    if not os.access(Path(settings.STATUS_FILE).parent, os.W_OK):
        yield Warning(
            "STATUS_FILE cannot be written: after a restart without its database the status page will know nothing.",
            id="portal.W018",
        )


CHECKS = (
    check_addresses,
    check_transport,
    check_pages,
    check_sign_in,
    check_data,
    check_scanner,
    check_mail,
    check_jobs,
    check_status_page,
)
