"""People, policies and clients for every test; and the portal set up for testing: fast hashes, mails and files in memory.

Read with `tests/factories/`. `now` is a Wednesday morning inside support hours; tests pass it on, nothing is frozen.
"""

import os
import pkgutil
import tempfile
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from cases import care_groups
from cases.models import Membership, SupportRegion, User
from escalations import last_known
from sla.models import Calendar, CalendarVersion, PolicyVersion, SupportPolicy
from tests.factories import AgreementFactory, MembershipFactory, OrganizationFactory, StaffFactory, UserFactory

ACME_ID = UUID("8a2f1c3e-5b7d-4e90-a1b2-c3d4e5f60718")
VOLGA_ID = UUID("1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed")
MEMORY = Path("/dev/shm")  # SQLite in a file, since one in memory has one connection for the live server and the test


def pytest_configure(config):
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop in the thread of the tests
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {
        name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name} for name in settings.CACHES
    }
    config.status_directory = tempfile.TemporaryDirectory(prefix="portal-status-")
    settings.STATUS_FILE = Path(config.status_directory.name) / "status.json"
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"sync": False}
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        config.sqlite_directory = tempfile.TemporaryDirectory(prefix="portal-test-", dir=MEMORY if MEMORY.is_dir() else None)
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{config.sqlite_directory.name}/test.sqlite3"


def pytest_unconfigure(config):
    config.status_directory.cleanup()
    if hasattr(config, "sqlite_directory"):
        config.sqlite_directory.cleanup()


@pytest.fixture
def now():
    """Wednesday, March 4, 2026, 10:00 in Paris."""
    return datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["en", "fr", "ja", "ru"])
def language(request):
    """Runs the test once in each language, active while it runs."""
    with translation.override(request.param):
        yield request.param


@pytest.fixture(autouse=True)
def fresh_start():
    """A request leaves its language behind, and sign-in limits, used codes, the platform's state: none of it reaches the next test."""
    translation.activate("en")
    last_known.forget()
    Path(settings.STATUS_FILE).unlink(missing_ok=True)
    for cache in caches.all(initialized_only=True):
        cache.clear()


# --- policies ----------------------------------------------------------------------------------------------------------
LOADED = {}  # the five packs as rows, read once in a session: reading the files takes longer than most tests


@pytest.fixture
def policies(db):
    """The five packs and their calendars, by code; `genesys-cloud` is the default policy unless a pack says otherwise."""
    models = (Calendar, CalendarVersion, SupportPolicy, PolicyVersion)
    if not LOADED:
        call_command("load_policies", verbosity=0)
        LOADED.update({model: list(model.objects.order_by("pk")) for model in models})
    else:
        for model in models:
            model.objects.bulk_create(LOADED[model])
    return {policy.code: policy for policy in SupportPolicy.objects.all()}


@pytest.fixture
def schedules(db):
    """The schedules that the migrations make, also where a transactional test has emptied the table before."""
    for app in ("portal", "cases", "escalations"):
        for module in pkgutil.iter_modules(import_module(f"{app}.migrations").__path__):
            migration = import_module(f"{app}.migrations.{module.name}")
            if hasattr(migration, "add_schedule"):
                migration.add_schedule(apps, None)


# --- organizations -----------------------------------------------------------------------------------------------------
@pytest.fixture
def organization(policies):
    """Acme in Paris, under `genesys-cloud`."""
    acme = OrganizationFactory(name="Acme", short_name="acme", organization_id=ACME_ID, language="fr")
    AgreementFactory(organization=acme, policy=policies["genesys-cloud"], license="genesys-cloud-2")
    return acme


@pytest.fixture
def other_organization(policies):
    """Volga in Moscow, under `360dialog`, plan Premium: nobody of Acme may see anything of it."""
    volga = OrganizationFactory(
        name="Volga", short_name="volga", organization_id=VOLGA_ID, language="ru", country="RU", time_zone="Europe/Moscow"
    )
    AgreementFactory(organization=volga, policy=policies["360dialog"], plan="premium")
    return volga


@pytest.fixture
def us_only_organization(policies):
    """Federal in Denver: only staff cleared for `us_only` may see it."""
    federal = OrganizationFactory(
        name="Federal", short_name="federal", country="US", time_zone="America/Denver", support_region=SupportRegion.US_ONLY
    )
    AgreementFactory(organization=federal, policy=policies["genesys-cloud-cx"], license="genesys-cloud-cx-2")
    return federal


# --- customers ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def contact(organization):
    """Acme's primary contact."""
    user = UserFactory(email="claire@acme.example", name="Claire Martin")
    MembershipFactory(user=user, organization=organization, role=Membership.Role.PRIMARY)
    return user


@pytest.fixture
def colleague(organization):
    """Acme's backup contact."""
    user = UserFactory(email="marc@acme.example", name="Marc Petit")
    MembershipFactory(user=user, organization=organization, role=Membership.Role.BACKUP)
    return user


@pytest.fixture
def reader(organization):
    """Acme's read-only colleague."""
    user = UserFactory(email="reader@acme.example", name="Rene Leroy")
    MembershipFactory(user=user, organization=organization, role=Membership.Role.READER)
    return user


@pytest.fixture
def applicant(db):
    """Somebody who belongs nowhere yet: see `stories.apply_for_access`."""
    return UserFactory(email="new@acme.example", name="Nina Neu")


@pytest.fixture
def stranger(other_organization):
    """Volga's primary contact: a stranger to Acme."""
    user = UserFactory(email="olga@volga.example", name="Olga Ivanova", language="ru", time_zone="Europe/Moscow")
    MembershipFactory(user=user, organization=other_organization, role=Membership.Role.PRIMARY)
    return user


@pytest.fixture
def us_only_contact(us_only_organization):
    """Federal's primary contact."""
    user = UserFactory(email="sam@federal.example", name="Sam Brown", time_zone="America/Denver")
    MembershipFactory(user=user, organization=us_only_organization, role=Membership.Role.PRIMARY)
    return user


# --- care staff --------------------------------------------------------------------------------------------------------
@pytest.fixture
def groups(db):
    """The care team's groups with their permissions, by name."""
    call_command("load_care_groups", verbosity=0)
    return {group.name: group for group in Group.objects.all()}


@pytest.fixture
def agent(groups):
    """An analyst, cleared for the support region `global` alone."""
    user = StaffFactory(email="agent@care.example", name="Anna Weber")
    user.groups.add(groups[care_groups.ANALYST])
    return user


@pytest.fixture
def agent_of_all_regions(groups):
    """An analyst cleared for every support region."""
    user = StaffFactory(email="agent2@care.example", name="Ben Novak", support_regions=list(SupportRegion.values))
    user.groups.add(groups[care_groups.ANALYST])
    return user


@pytest.fixture
def agent_not_cleared(groups):
    """An analyst cleared for `eea_only` alone: may see neither Acme nor Federal."""
    user = StaffFactory(email="agent3@care.example", name="Cora Ruiz", support_regions=[SupportRegion.EEA_ONLY])
    user.groups.add(groups[care_groups.ANALYST])
    return user


@pytest.fixture
def onlooker(db):
    """Care staff who may read the cases of the support region `global`, and nothing else."""
    user = StaffFactory(email="looks@care.example", name="Lou Looks")
    user.user_permissions.add(Permission.objects.get(codename="view_case"))
    return user


@pytest.fixture
def groupless(db):
    """Care staff cleared for every support region, but in no group: may read nothing."""
    return StaffFactory(email="new@care.example", name="Noa New", support_regions=list(SupportRegion.values))


@pytest.fixture
def manager(groups):
    """A care manager cleared for every support region."""
    user = StaffFactory(email="manager@care.example", name="Mia Stone", support_regions=list(SupportRegion.values))
    user.groups.add(groups[care_groups.CARE_MANAGER])
    return user


@pytest.fixture
def incident_manager(groups):
    """An incident manager, cleared for the support region `global` alone."""
    user = StaffFactory(email="ivo@care.example", name="Ivo Klein")
    user.groups.add(groups[care_groups.INCIDENT_MANAGER])
    return user


@pytest.fixture
def administrator(db):
    """A superuser."""
    return User.objects.create_superuser("admin@care.example", "a long test password", name="Ada Admin")


# --- clients -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def signed_in():
    """`signed_in(user)`: a client signed in as this user; `htmx=True` sends what htmx sends."""

    def sign_in(user, *, htmx=False):
        client = Client(headers={"HX-Request": "true"} if htmx else {})
        client.force_login(user)
        return client

    return sign_in
