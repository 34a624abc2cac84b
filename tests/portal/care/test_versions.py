"""Publishing a version after seeing what it would do, moving open cases to it, and simulating (ISSUE 3.7, 3.8)."""

import csv
from datetime import datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Case
from cases.simulation import replays
from cases.terms import effects_of_move
from cases.timeline import locked, refresh_clocks
from portal.care.simulate import SimulationForm, result_of
from sla.models import Clock
from sla.verdicts import LATE, verdict_of
from tests.sla.drafts import calendar_draft, policy_draft
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
STRICTER = ("within: 2 business hours", "within: 1 business hours")
GENEROUS = ("within: 2 business hours", "within: 3 business hours")


@pytest.fixture
def now():
    """Wednesday of last week, 10:00 in Paris: pages live in the present."""
    today = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday() + 5)


@pytest.fixture
def cases(contact, agent, now):
    """Running, answered after 80 minutes, answered after 150 minutes, closed."""
    found = [open_case(contact, now=now) for _one in range(4)]
    for case, minutes in zip(found[1:], (80, 150, 80), strict=True):
        actions.assign(case, by=agent, owner=agent, now=now)
        actions.reply(case, by=agent, text="Hello", now=now + timedelta(minutes=minutes))
    actions.close_case(found[3], by=contact, now=now + 3 * HOUR)
    return found


def url(name, version, kind="policy"):
    return reverse(f"admin:{name}", args=[kind, version.pk])


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


# --- publishing --------------------------------------------------------------------------------------------------------
def test_preview_tells_what_a_move_would_do_and_publishes_nothing(cases, manager, signed_in):
    draft = policy_draft("genesys-cloud", STRICTER)
    page = signed_in(manager).get(url("care_publish", draft))
    preview = page.context["preview"]
    assert (page.status_code, preview.looked_at, preview.is_all) == (200, 3, True)
    assert preview.moved == len([change for _case, change in preview.differences if change.moves]) > 0
    assert fresh(cases[0]).policy_version.number == 1 and draft.published_at is None


def test_publishing_and_then_moving_are_two_steps(cases, manager, signed_in):
    draft, client = policy_draft("genesys-cloud", STRICTER), signed_in(manager)
    client.post(url("care_publish", draft), {"key": uuid4()})
    draft.refresh_from_db()
    assert draft.published_at and fresh(cases[0]).policy_version.number == 1
    refused = client.post(url("care_move", draft), {"key": uuid4()})
    assert refused.status_code == 422 and "Confirm that the cases are to be moved." in refused.content.decode()
    foreseen = {(row["number"], row["clock"], row["due_at_then"]) for row in rows_of(client.get(url("care_publish_csv", draft)))}
    answer = client.post(url("care_move", draft), {"key": uuid4(), "is_sure": "on"}, follow=True)
    assert "3 cases were moved." in answer.content.decode()
    assert [fresh(case).policy_version.number for case in cases] == [2, 2, 2, 1]
    assert "No open case that you may see runs under another version." in answer.content.decode()
    for number, kind, due_at in foreseen:
        clock = Clock.objects.get(case__pk=int(number[3:]) - 1_000_000, kind=kind)
        assert clock.due_at == (datetime.fromisoformat(due_at) if due_at else None)


def test_publishing_twice_by_the_same_form_or_another_is_told_and_harmless(policies, manager, signed_in):
    draft, client, key = policy_draft("genesys-cloud", STRICTER), signed_in(manager), uuid4()
    for _again in range(2):
        client.post(url("care_publish", draft), {"key": key})
    draft.refresh_from_db()
    published_at = draft.published_at
    answer = client.post(url("care_publish", draft), {"key": uuid4()}, follow=True)
    assert "This version was published before." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.published_at == published_at
    assert LogEntry.objects.filter(object_id=str(draft.pk), user=manager).count() == 1


def test_outdated_draft_is_told(policies, manager, signed_in, now):
    older, newer = calendar_draft("business-hours"), calendar_draft("business-hours", always_open=True)
    actions.publish_version(newer, by=manager, now=now)
    answer = signed_in(manager).post(url("care_publish", older, "calendar"), {"key": uuid4()}, follow=True)
    assert "A later version is in force already." in answer.content.decode()


@pytest.mark.parametrize("name", ["care_publish", "care_publish_csv"])
@pytest.mark.parametrize(("who", "status"), [("agent", 403), ("contact", 404), ("manager", 200)])
def test_pages_are_for_care_managers(name, who, status, policies, signed_in, request):
    draft = policy_draft("genesys-cloud", STRICTER)
    assert signed_in(request.getfixturevalue(who)).get(url(name, draft)).status_code == status


def test_unknown_kind_and_version_are_404(policies, manager, signed_in):
    client = signed_in(manager)
    draft = policy_draft("genesys-cloud", STRICTER)
    assert client.get(url("care_publish", draft, "other")).status_code == 404
    assert client.get(reverse("admin:care_publish", args=["policy", 99999])).status_code == 404


def test_cases_of_regions_that_one_is_not_cleared_for_are_not_shown_and_stay(cases, us_only_contact, manager, signed_in, now):
    hidden = open_case(us_only_contact, now=now, channel="PHONE")
    type(manager).objects.filter(pk=manager.pk).update(support_regions=["global"])
    version = actions.publish_version(
        policy_draft("genesys-cloud-cx", ("within: 2 hours", "within: 1 hours")), by=manager, now=now
    )
    page = signed_in(manager).get(url("care_publish", version))
    assert page.context["preview"].looked_at == 0
    signed_in(manager).post(url("care_move", version), {"key": uuid4(), "is_sure": "on"})
    assert fresh(hidden).policy_version.number == 1


@pytest.mark.parametrize("reader_language", ["en", "fr", "ja", "ru"])
def test_pages_answer_in_the_readers_language(cases, manager, signed_in, reader_language):
    type(manager).objects.filter(pk=manager.pk).update(language=reader_language)
    draft, client = policy_draft("genesys-cloud", STRICTER), signed_in(manager)
    assert client.get(url("care_publish", draft)).status_code == 200
    assert client.get(reverse("admin:care_simulate"), {"policy": draft.pk}).status_code == 200


# --- simulating --------------------------------------------------------------------------------------------------------
def results():
    names = ("state", "due_at", "met_at", "breached_at", "remaining_seconds")
    return {
        (row["case_id"], row["kind"]): tuple(row[name] for name in names)
        for row in Clock.objects.values("case_id", "kind", *names)
    }


@pytest.mark.parametrize("change", [STRICTER, GENEROUS])
def test_simulation_equals_what_rebuilding_under_the_draft_gives(change, cases, manager, now):
    draft, moment = policy_draft("genesys-cloud", change), timezone.now()
    for case in Case.objects.all():
        rebuild(case, now=moment)
    before = results()
    found = list(replays(Case.objects.visible_to(manager), policy=draft, calendar=None, now=moment))
    listed = {(replay.case.pk, one.kind): one for replay in found for one in replay.differences}
    assert results() == before
    Case.objects.update(policy_version=draft)
    for case in Case.objects.all():
        rebuild(case, now=moment)
    after = results()
    assert listed and {key for key in before | after if before.get(key) != after.get(key)} == set(listed)
    for key, one in listed.items():
        state = one.after
        expected = (state.state, state.due_at, state.met_at, state.breached_at, state.remaining_seconds)
        assert after[key] == expected


def rebuild(case, *, now):
    case = locked(case)
    refresh_clocks(case, now=now)
    case.save()


def test_simulation_tells_compliance_now_and_then_by_kind_and_severity(cases, manager, now):
    def shares(change):
        day = timezone.localdate(now)
        form = SimulationForm({"policy": policy_draft("genesys-cloud", change).pk, "since": day, "until": day})
        assert form.is_valid()
        rows = result_of(form, manager, now=timezone.now())["rows"]
        return {(kind, rank): ((one.kept, one.decided), (two.kept, two.decided)) for kind, rank, one, two in rows}

    assert shares(STRICTER)["FIRST_RESPONSE", 3] == ((2, 4), (0, 4))
    Case.objects.first().policy_version.policy.versions.filter(number=2).delete()
    assert shares(GENEROUS)["FIRST_RESPONSE", 3] == ((2, 4), (3, 4))


def test_simulation_takes_a_calendar_and_a_period(cases, contact, manager, signed_in, now):
    closed_day = {"FR": [[timezone.localdate(now).isoformat(), {"en": "Company day"}]]}
    calendar = calendar_draft("business-hours", holidays=closed_day)
    client, day = signed_in(manager), timezone.localdate(now)
    page = client.get(reverse("admin:care_simulate"), {"calendar": calendar.pk, "since": day, "until": day})
    assert page.context["result"]["replayed"] == 4 and page.context["result"]["saved"] == 1
    asked = {"calendar": calendar.pk, "since": day + timedelta(days=1), "until": day + timedelta(days=2)}
    assert client.get(reverse("admin:care_simulate"), asked).context["result"]["replayed"] == 0


def test_simulation_csv_has_what_the_page_lists(cases, manager, signed_in, now):
    draft, client, day = policy_draft("genesys-cloud", STRICTER), signed_in(manager), timezone.localdate(now)
    asked = {"policy": draft.pk, "since": day, "until": day}
    page = client.get(reverse("admin:care_simulate"), asked)
    rows = rows_of(client.get(reverse("admin:care_simulate_csv"), asked))
    listed = sorted((case.number, one.kind, one.verdict_after) for case, one in page.context["result"]["differences"])
    assert sorted((row["number"], row["clock"], row["verdict_then"]) for row in rows) == listed
    assert page.context["result"]["count"] == len(rows)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "2026-03-01"}, "Choose a version of a policy, of a calendar, or of both."),
        ({"policy": "x", "since": "2026-03-01"}, "Select a valid choice."),
        ({"since": "2026-03-09", "until": "2026-03-01"}, "Choose a version"),
        ({"since": "yesterday"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_simulated_is_told_beside_its_field(asked, words, policies, manager, signed_in):
    page = signed_in(manager).get(reverse("admin:care_simulate"), asked)
    assert page.status_code == 422 and words in page.content.decode()


def test_simulation_of_a_period_that_ends_before_it_begins_is_refused(policies, manager, signed_in):
    asked = {"policy": policy_draft("genesys-cloud", STRICTER).pk, "since": "2026-03-09", "until": "2026-03-01"}
    for name in ("care_simulate", "care_simulate_csv"):
        page = signed_in(manager).get(reverse(f"admin:{name}"), asked)
        assert page.status_code == 422 and "The last day lies before the first." in page.content.decode()


@pytest.mark.parametrize("name", ["care_simulate", "care_simulate_csv"])
@pytest.mark.parametrize(("who", "status"), [("agent", 403), ("contact", 404)])
def test_simulation_is_for_care_managers(name, who, status, policies, signed_in, request):
    asked = {"policy": policy_draft("genesys-cloud", STRICTER).pk, "since": "2026-03-01", "until": "2026-03-09"}
    assert signed_in(request.getfixturevalue(who)).get(reverse(f"admin:{name}"), asked).status_code == status


def test_page_with_nothing_asked_proposes_a_period(policies, manager, signed_in):
    page = signed_in(manager).get(reverse("admin:care_simulate"))
    assert page.status_code == 200 and page.context.get("result") is None


def test_preview_and_simulation_cost_the_same_for_more_cases(cases, contact, manager, now, django_assert_num_queries):
    draft, moment = policy_draft("genesys-cloud", STRICTER), timezone.now()

    def ask():
        assert list(effects_of_move(Case.objects.all(), draft, now=moment))
        assert list(replays(Case.objects.all(), policy=draft, calendar=None, now=moment))

    ask()
    with django_assert_num_queries(6):  # two for a batch, one for the empty end, twice
        ask()
    for _one in range(5):
        open_case(contact, now=now)
    with django_assert_num_queries(6):
        ask()


def test_verdict_of_a_row_is_that_of_its_state(cases, now):
    late = [clock for clock in Clock.objects.filter(kind="FIRST_RESPONSE") if verdict_of(clock, now=timezone.now()) == LATE]
    assert len(late) == 2


def test_no_case_is_moved_to_a_draft(signed_in, manager, cases):
    """Also where somebody sends the form of a version that is not published yet."""
    draft = policy_draft("genesys-cloud", STRICTER)
    answer = signed_in(manager).post(url("care_move", draft), {"is_sure": "on"}, follow=True)
    assert answer.status_code == 200
    assert "Cases can be moved to a published version only." in answer.text
    assert not Case.objects.filter(activities__kind="VERSION").exists()
