"""The world that `manage.py demo` loads: who is there, what happened, and that loading it again changes nothing."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Activity, Attachment, Case, Draft, Organization, OutboxMessage, User
from cases.timeline import events_of
from escalations.models import RcaAction, RcaDelivery, RcaVersion
from escalations.rca_sections import missing_parts
from escalations.status_reading import read_snapshot
from escalations.sweep import sweep
from portal.demo_world.people import PEOPLE
from portal.demo_world.world import load_world
from sla import clocks
from sla.clock_rules import NO_TARGET
from sla.explain import explain_clock
from sla.models import Clock
from sla.policies import rules_of
from tests.sla.minute_counter import counted_minutes

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # a Wednesday


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker):
    """The world of a Wednesday, made once for all tests of this file and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_policies", stdout=StringIO())
        call_command("load_care_groups", stdout=StringIO())
        load_world(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(made_once, db):
    """The demo's world, as seen on a Wednesday."""


def rows():
    """Every row of the portal's own tables, counted."""
    models = (User, Organization, Case, Activity, Attachment, Draft, OutboxMessage, Clock)
    return {model.__name__: model.objects.count() for model in models}


def test_world_has_the_people_of_the_issue(world):
    assert {user.email for user in User.objects.all()} == {
        "claire@acme.example",
        "marc@acme.example",
        "reader@acme.example",
        "kenji@sakura.example",
        "olga@volga.example",
        "boris@volga.example",
        "dana@initech.example",
        "lea@lumiere.example",
        "sam@federal.example",
        "agent@care.example",
        "agent2@care.example",
        "manager@care.example",
        "admin@care.example",
    }
    assert [person.email for person in PEOPLE if not authenticate(None, email=person.email, password="demo")] == []


def test_world_has_the_agreements_of_the_issue(world):
    agreements = {
        organization.name: (agreement.policy.code, agreement.plan, organization.support_region)
        for organization in Organization.objects.all()
        for agreement in organization.agreements.all()
    }
    assert agreements == {
        "Acme": ("genesys-cloud", "", "global"),
        "Sakura": ("purecloud", "", "global"),
        "Volga": ("360dialog", "premium", "global"),
        "Initech": ("dynamics-gold", "gold", "global"),
        "Lumière": ("genesys-cloud-cx", "", "eea_only"),
        "Federal": ("genesys-cloud-cx", "", "us_only"),
    }


def test_second_load_changes_nothing(world):
    before = rows()
    assert load_world(now=NOW + timedelta(hours=3)) is False
    assert rows() == before


def test_world_happened_before_now_and_in_order(world):
    told = list(Activity.objects.order_by("case", "pk").values_list("case", "recorded_at", "occurred_at"))
    assert max(recorded_at for _case, recorded_at, _occurred_at in told) <= NOW
    assert all(first[1] <= second[1] for first, second in zip(told, told[1:], strict=False) if first[0] == second[0])


def test_world_has_a_long_timeline_a_reopened_case_and_an_application(world):
    longest = Counter(Activity.objects.values_list("case", flat=True)).most_common(1)[0][1]
    assert longest >= 50
    assert Activity.objects.filter(kind=Activity.Kind.REOPENED).exists()
    assert Case.objects.get(case_type=Case.Type.ACCESS).opened_by.email == "boris@volga.example"
    assert not User.objects.get(email="boris@volga.example").memberships.exists()


def test_world_has_a_refused_critical_draft_that_the_care_team_finds_by_its_code(world):
    draft = Draft.objects.get(refused_at__isnull=False)
    agent, agent_of_all_regions = (User.objects.get(email=f"{name}@care.example") for name in ("agent", "agent2"))
    assert draft.user.email == "lea@lumiere.example"
    assert list(Draft.objects.with_code(draft.code, user=agent_of_all_regions)) == [draft]
    assert list(Draft.objects.with_code(draft.code, user=agent)) == []


def test_world_has_files_with_their_content(world):
    kinds = Counter(Attachment.objects.filter(activity__isnull=False).values_list("content_type", flat=True))
    assert kinds["image/png"] >= 3 and kinds["text/plain"] >= 3
    for attachment in Attachment.objects.all():
        assert len(attachment.file.read()) == attachment.size


def test_world_mails_nothing_of_the_past(world):
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {OutboxMessage.State.SENT}


def test_world_leaves_nothing_for_the_first_sweep(world):
    assert not sweep(now=NOW)


def test_world_masks_the_pasted_key(world):
    assert not Case.objects.filter(details__api_request__contains="8fJ2kQ9xVb4LmT7zRw1cYp6N").exists()
    assert Activity.objects.filter(kind=Activity.Kind.OPENED, data__has_key="masked").exists()


@pytest.mark.parametrize(
    ("name", "page", "most"),
    [
        ("claire", "/", 10),
        ("claire", "/cases/", 8),
        ("claire", "/cases/{long}/", 12),
        ("claire", "/cases/{long}/updates/?after=0", 8),
        ("claire", "/cases/{long}/clocks/", 12),
        ("manager", "/admin/care/queue/", 8),
        ("manager", "/admin/care/cases/", 8),
        ("manager", "/admin/care/cases.csv", 8),
        ("manager", "/admin/care/case/{long}/", 12),
        ("manager", "/admin/care/case/{long}/severity/", 12),
    ],
)
def test_pages_ask_the_database_little(world, name, page, most):
    """At most so many SQL statements, those for the session and the person included; the long case has more than 50 activities (SPEED G3)."""
    longest = Counter(Activity.objects.values_list("case", flat=True)).most_common(1)[0][0]
    client = Client()
    client.force_login(User.objects.get(email__startswith=f"{name}@"))
    url = page.format(long=Case.objects.get(pk=longest).number)
    _read(client.get(url))  # policies and calendars are kept by the process
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
        assert answer.status_code == 200 and _read(answer)
    assert len(captured) <= most, "\n".join(query["sql"][:200] for query in captured)


def _read(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_world_speaks_the_words_of_its_policies(world):
    """Product areas, plans and licenses are codes that the customer's policy knows."""
    for case in Case.objects.select_related("policy_version", "agreement").exclude(case_type=Case.Type.ACCESS):
        rules = rules_of(case.policy_version)
        assert case.product_area in {area.code for area in rules.product_areas}, case.subject
        assert case.plan in {"", *(plan.code for plan in rules.plans)}
        assert case.agreement.license in {"", *(license.code for license in rules.licenses)}


# --- every clock explains itself -----------------------------------------------------------------------------------------
def document_of(case):
    """The case's frozen calendar in the words of the minute counter, which knows one zone and one country."""
    definition = case.calendar_version.definition
    days = {name: _days_of(definition.get(name, {}), case.country) for name in ("holidays", "extra_days")}
    return {"windows": {}, **definition, "tz": definition.get("tz") or case.time_zone, **days}


def _days_of(by_country, country):
    rows = [*by_country.get("*", ()), *by_country.get(country, ())]
    return [row if isinstance(row, str) else row[0] for row in rows]


def test_every_clock_of_the_world_adds_up_and_agrees_with_counting_minutes(world):
    counted = Counter()
    for case in Case.objects.with_terms():
        document = document_of(case)
        states = clocks.states(case, events=events_of(case.activities.in_order()), now=NOW)
        for clock in states.clocks:
            explanation = explain_clock(clock)
            counted[clock.state] += 1
            if clock.state == NO_TARGET:
                assert clock.target is None or clock.target.reason["en"]
                continue
            left = explanation.remaining_seconds if clock.state not in ("STOPPED", "MET") else 0
            is_whole = clock.state != "STOPPED"
            assert not is_whole or explanation.counted_seconds + left == explanation.promised_seconds, (case, clock.kind)
            assert explanation.counted_seconds == 60 * counted_minutes(explanation, document), (case, clock.kind)
    assert set(counted) >= {"RUNNING", "PAUSED", "MET", "MISSED", "NO_TARGET"}, counted


def test_platform_has_something_of_everything(world):
    snapshot = read_snapshot(now=NOW)
    assert (snapshot.state, len(snapshot.active), len(snapshot.incidents), len(snapshot.maintenance)) == ("PARTIAL", 1, 5, 1)
    assert [len(month.incidents) for month in snapshot.months] == [4, 1, 0, 0]
    assert snapshot.active[0].next_update_at > NOW


def test_rca_documents_are_published_and_in_review_with_actions_in_each_state(world):
    states = sorted(RcaVersion.objects.values_list("state", flat=True))
    assert states == ["IN_REVIEW", "PUBLISHED"]
    assert set(RcaAction.objects.values_list("state", flat=True)) == {"OPEN", "IN_PROGRESS", "DONE"}
    readers = set(RcaDelivery.objects.values_list("case__organization__short_name", flat=True))
    assert readers == {"acme", "sakura"}
    assert not any(
        missing_parts(version.sections, version.timeline, version.document.actions.all()) for version in RcaVersion.objects.all()
    )
