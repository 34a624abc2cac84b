"""Platform incidents: candidates, declaring, updates in four languages and in each linked case (SPEC 7)."""

from datetime import timedelta

import pytest
from django.core import mail

from cases import actions, outbox
from cases.decision import Refused, StaleCase
from cases.models import Case, OutboxMessage
from escalations.actions import incidents
from escalations.models import Component, Incident, Region, StatusSubscriber
from tests.escalations.incidents import TITLE, WORDS, declare, facts, link, restore, update
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
State = Incident.State


def again(incident):
    return Incident.objects.get(pk=incident.pk)


def refusal(act, *args, **options):
    with pytest.raises(Refused) as caught:
        act(*args, **options)
    return caught.value.reason


@pytest.fixture
def incident(incident_manager, now):
    return declare(incident_manager, now=now, state=State.DECLARED)


@pytest.fixture
def places(db):
    """Voice, in two regions."""
    voice = Component.objects.create(code="voice", name={"en": "Voice"})
    regions = [Region.objects.create(code=code, name={"en": code}) for code in ("emea", "japan")]
    voice.regions.set(regions)
    return [(voice, region, "OUTAGE") for region in regions]


# --- candidates --------------------------------------------------------------------------------------------------------
def test_candidate_is_the_care_teams_alone_until_it_is_declared(agent, incident_manager, places, contact, now):
    candidate = incidents.raise_candidate(facts(started_at=now, affected=places), by=agent, now=now)
    assert (candidate.state, candidate.title, candidate.affected.count()) == (State.CANDIDATE, TITLE, 2)
    assert not Incident.objects.visible_to(contact).exists()
    declared = incidents.declare_incident(candidate, by=incident_manager, now=now + MINUTE)
    assert (declared.state, declared.declared_at, declared.declared_by) == (State.DECLARED, now + MINUTE, incident_manager)
    assert Incident.objects.visible_to(contact).get() == candidate


def test_candidate_is_declared_under_the_facts_that_are_given(agent, incident_manager, places, now):
    candidate = incidents.raise_candidate(facts(started_at=now, affected=places), by=agent, now=now)
    better = facts(started_at=now - HOUR, title={"en": "Voice fails", "ru": " "}, severity_rank=3, affected=places[:1])
    incidents.declare_incident(candidate, by=incident_manager, facts=better, now=now)
    declared = again(candidate)
    assert (declared.title, declared.severity_rank, declared.started_at) == ({"en": "Voice fails"}, 3, now - HOUR)
    assert [str(each.region) for each in declared.affected.all()] == ["emea"]


@pytest.mark.parametrize("who", ["agent", "manager", "contact"])
def test_declaring_dismissing_publishing_and_closing_are_for_incident_managers(who, incident_manager, incident, now, request):
    user = request.getfixturevalue(who)
    candidate = incidents.raise_candidate(facts(started_at=now), by=incident_manager, now=now)
    told = {"state": State.IDENTIFIED, "words": WORDS, "next_update_at": None}
    for act, subject, more in [
        (incidents.declare_incident, candidate, {}),
        (incidents.dismiss_candidate, candidate, {}),
        (incidents.publish_update, incident, told),
        (incidents.change_incident, incident, {"facts": facts(started_at=now)}),
        (incidents.close_incident, incident, {}),
    ]:
        assert refusal(act, subject, by=user, now=now, **more) == "Your role in the care team does not include this."
    assert (again(candidate).state, again(incident).state) == (State.CANDIDATE, State.DECLARED)


def test_customer_raises_no_candidate(contact, now):
    assert refusal(incidents.raise_candidate, facts(started_at=now), by=contact, now=now)
    assert not Incident.objects.exists()


def test_candidate_is_decided_once(agent, incident_manager, now):
    candidate = incidents.raise_candidate(facts(started_at=now), by=agent, now=now)
    incidents.dismiss_candidate(candidate, by=incident_manager, now=now)
    for act in (incidents.declare_incident, incidents.dismiss_candidate):
        assert refusal(act, candidate, by=incident_manager, now=now) == "Somebody has decided this candidate meanwhile."
    assert again(candidate).state == State.DISMISSED


def test_portal_raises_one_candidate_for_each_cluster_also_after_it_was_dismissed(incident_manager, now):
    first = incidents.raise_candidate(facts(started_at=now), by=None, now=now, cluster_key="CS-1000001")
    assert incidents.raise_candidate(facts(started_at=now), by=None, now=now, cluster_key="CS-1000001") is None
    incidents.dismiss_candidate(first, by=incident_manager, now=now)
    assert incidents.raise_candidate(facts(started_at=now), by=None, now=now, cluster_key="CS-1000001") is None
    assert incidents.raise_candidate(facts(started_at=now), by=None, now=now, cluster_key="CS-1000002")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": {"fr": "Panne"}}, "The title needs its English text."),
        ({"title": {"en": " \u200b "}}, "The title needs its English text."),
        ({"minutes": 1}, "The incident cannot have started in the future."),
    ],
)
def test_incident_with_wrong_facts_is_refused(agent, now, changes, sentence):
    started_at = now + changes.pop("minutes", 0) * MINUTE
    assert refusal(incidents.raise_candidate, facts(started_at=started_at, **changes), by=agent, now=now) == sentence
    assert not Incident.objects.exists()


def test_incident_that_ended_before_it_started_is_refused(incident, incident_manager, now):
    restore(incident, by=incident_manager, now=now + HOUR, restored_at=now + MINUTE)
    late = facts(started_at=now + 2 * MINUTE)
    sentence = "The incident cannot have been restored before it started."
    assert refusal(incidents.change_incident, incident, by=incident_manager, facts=late, now=now + HOUR) == sentence
    assert again(incident).started_at == now


# --- updates -----------------------------------------------------------------------------------------------------------
def test_updates_lead_through_the_states_and_back(incident, incident_manager, now):
    for state in (State.INVESTIGATING, State.IDENTIFIED, State.MONITORING, State.IDENTIFIED):
        update(incident, by=incident_manager, state=state, now=now)
        assert again(incident).state == state
    assert list(incident.updates.values_list("state", flat=True)) == ["INVESTIGATING", "IDENTIFIED", "MONITORING", "IDENTIFIED"]


@pytest.mark.parametrize("state", [State.CANDIDATE, State.DECLARED, State.RESTORED, State.CLOSED])
def test_update_leads_to_no_other_state(incident, incident_manager, now, state):
    assert refusal(update, incident, by=incident_manager, state=state, now=now).startswith("An update says that")
    assert not incident.updates.exists()


@pytest.mark.parametrize("state", [State.CANDIDATE, State.DISMISSED, State.RESTORED, State.CLOSED])
def test_only_an_active_incident_has_updates(incident_manager, now, state):
    incident = declare(incident_manager, now=now, state=state)
    assert refusal(update, incident, by=incident_manager, now=now).startswith("Updates are published while")


def test_update_needs_its_english_text_and_a_promise_that_lies_ahead(incident, incident_manager, now):
    assert refusal(update, incident, by=incident_manager, words={"fr": "Panne"}, now=now) == "The update needs its English text."
    sentence = "The promised time must lie in the future."
    assert refusal(update, incident, by=incident_manager, next_update_at=now, now=now) == sentence
    assert again(incident).state == State.DECLARED


def test_update_of_a_page_that_somebody_overtook_is_stale(incident, incident_manager, now):
    shown = again(incident).version
    update(incident, by=incident_manager, now=now)
    with pytest.raises(StaleCase):
        incidents.publish_update(
            incident,
            by=incident_manager,
            state=State.MONITORING,
            words=WORDS,
            next_update_at=None,
            now=now,
            expected_version=shown,
        )
    assert incident.updates.count() == 1


def test_case_that_cannot_be_told_keeps_nobody_from_the_update(incident, incident_manager, contact, agent, now, caplog):
    broken, well = open_case(contact, now=now), open_case(contact, now=now)
    link(incident, broken, well, by=agent, now=now)
    version = broken.calendar_version
    unreadable = type(version).objects.create(
        calendar=version.calendar, number=99, definition={"windows": {}}, digest="unreadable for incidents"
    )
    Case.objects.filter(pk=broken.pk).update(calendar_version=unreadable)
    told = update(incident, by=incident_manager, now=now + HOUR)
    assert [activity.data["update"] for activity in well.activities.filter(kind="INCIDENT_UPDATE")] == [told.pk]
    assert not broken.activities.filter(kind="INCIDENT_UPDATE").exists()
    assert broken.number in caplog.text


def test_update_is_told_in_each_open_linked_case_and_in_no_other(incident, incident_manager, contact, colleague, agent, now):
    first, closed, other = (open_case(contact, now=now) for _each in range(3))
    link(incident, first, closed, by=agent, now=now)
    actions.close_case(fresh(closed), by=contact, now=now + MINUTE)
    OutboxMessage.objects.all().delete()
    told = update(incident, by=incident_manager, now=now + HOUR, next_update_at=now + 2 * HOUR)
    (activity,) = first.activities.filter(kind="INCIDENT_UPDATE")
    assert activity.data == {
        "incident": incident.number,
        "title": TITLE,
        "state": "IDENTIFIED",
        "words": WORDS,
        "update": told.pk,
        "next_update_at": "2026-03-04T11:00:00+00:00",
    }
    assert (activity.actor, activity.visibility) == (incident_manager, "CUSTOMER")
    assert not closed.activities.filter(kind="INCIDENT_UPDATE").exists()
    assert not other.activities.filter(kind="INCIDENT_UPDATE").exists()
    assert [(message.template, message.address) for message in OutboxMessage.objects.all()] == [
        ("incident_update", contact.email)
    ]


def test_update_is_mailed_in_the_readers_language(incident, incident_manager, contact, agent, now, language):
    contact.language = language
    contact.save()
    link(incident, open_case(contact, now=now), by=agent, now=now)
    OutboxMessage.objects.all().delete()
    update(incident, by=incident_manager, now=now, next_update_at=now + HOUR)
    outbox.send_due(now=now)
    (sent,) = mail.outbox
    assert WORDS[language] in sent.body and TITLE[language] in sent.body
    assert incident.number in sent.subject
    assert f'lang="{language}">' in sent.alternatives[0].content


def test_missing_translation_is_mailed_in_english_and_says_so(incident, incident_manager, contact, agent, now):
    contact.language = "ja"
    contact.save()
    link(incident, open_case(contact, now=now), by=agent, now=now)
    OutboxMessage.objects.all().delete()
    update(incident, by=incident_manager, words={"en": "We repair it."}, now=now)
    outbox.send_due(now=now)
    (sent,) = mail.outbox
    assert "We repair it." in sent.body
    assert "この更新" in sent.body or "英語" in sent.body
    assert '<div class="words" lang="en">' in sent.alternatives[0].content


def test_update_is_mailed_to_subscribers_of_the_status_page(incident, incident_manager, now):
    StatusSubscriber.objects.create(address="ops@acme.example", language="fr", token="t" * 30, created_at=now, confirmed_at=now)
    update(incident, by=incident_manager, now=now)
    message = OutboxMessage.objects.get(template="status_update")
    assert (message.address, message.data["words"]) == ("ops@acme.example", WORDS["fr"])


# --- translations ------------------------------------------------------------------------------------------------------
def test_translation_may_come_later_and_is_told_to_nobody_again(incident, incident_manager, contact, agent, now):
    link(incident, open_case(contact, now=now), by=agent, now=now)
    told = update(incident, by=incident_manager, words={"en": "We repair it."}, now=now)
    before = OutboxMessage.objects.count()
    told = incidents.translate_update(told, by=incident_manager, words={"fr": "Nous réparons.", "ja": " "}, now=now + HOUR)
    told.refresh_from_db()
    assert told.words == {"en": "We repair it.", "fr": "Nous réparons."}
    assert OutboxMessage.objects.count() == before


def test_translation_changes_nothing_that_is_published(incident, incident_manager, agent, now):
    told = update(incident, by=incident_manager, words={"en": "We repair it."}, now=now)
    assert refusal(incidents.translate_update, told, by=incident_manager, words={"en": "Nothing is wrong."}, now=now)
    assert refusal(incidents.translate_update, told, by=agent, words={"fr": "Nous réparons."}, now=now)
    told.refresh_from_db()
    assert told.words == {"en": "We repair it."}


# --- the end -----------------------------------------------------------------------------------------------------------
def test_restored_incident_is_closed(incident, incident_manager, now):
    sentence = "Only a restored incident can be closed."
    assert refusal(incidents.close_incident, incident, by=incident_manager, now=now) == sentence
    restore(incident, by=incident_manager, now=now + HOUR)
    incidents.close_incident(incident, by=incident_manager, now=now + 2 * HOUR)
    assert (again(incident).state, again(incident).closed_at) == (State.CLOSED, now + 2 * HOUR)
    assert refusal(incidents.close_incident, incident, by=incident_manager, now=now) == sentence
