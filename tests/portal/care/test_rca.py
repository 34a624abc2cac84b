"""S9: the care desk's pages of RCA documents, from what is owed to what is followed to done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from escalations.actions import rca_documents
from escalations.models import RcaAction, RcaDocument, RcaVersion
from escalations.rca_checklist import warnings_of
from tests.escalations import documents
from tests.stories import customer_under, open_critical

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def incident(contact, agent, administrator, now):
    case = open_critical(contact, agent=agent, now=now)
    return documents.restored_incident([case], by=administrator, now=now)


@pytest.fixture
def draft(incident, agent, now):
    return documents.complete_draft(incident, by=agent, now=now + DAY)


def url_of(version, name="care_rca", *more):
    return reverse(f"admin:{name}", args=[version.document.number, *more])


def filled(client, url):
    """The fields of the editor as the page shows them."""
    form = client.get(url).context["form"]
    return {field.html_name: "" if (value := field.value()) is None else value for field in form}


def test_owed_document_is_begun_from_the_list(signed_in, incident, agent):
    client = signed_in(agent)
    assert incident.number in client.get(reverse("admin:care_rcas")).content.decode()
    answer = client.post(reverse("admin:care_rca_new", args=[incident.number]))
    version = RcaVersion.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, url_of(version))
    again = client.post(reverse("admin:care_rca_new", args=[incident.number]), follow=True)
    assert "There is an RCA document already." in again.content.decode()
    assert RcaDocument.objects.count() == 1


def test_editor_saves_what_was_typed_and_marks_what_is_missing(signed_in, draft, agent):
    client = signed_in(agent)
    typed = filled(client, url_of(draft)) | {"SUMMARY_fr": "Un disque.", "ROOT_CAUSE_ja": ""}
    assert client.post(url_of(draft), typed).status_code == 303
    draft.refresh_from_db()
    assert (draft.sections["SUMMARY"]["fr"], "ja" in draft.sections["ROOT_CAUSE"]) == ("Un disque.", False)
    assert len(draft.timeline) == 1
    assert "No text yet: 日本語" in client.get(url_of(draft)).content.decode()


def test_timeline_takes_new_rows_in_utc_and_drops_emptied_ones(signed_in, draft, agent):
    client = signed_in(agent)
    new = {"at_2": "2026-03-04T08:15", "state_2": "IDENTIFIED", "row_2_en": "Found."}
    assert client.post(url_of(draft), filled(client, url_of(draft)) | new).status_code == 303
    draft.refresh_from_db()
    assert [row["state"] for row in draft.timeline] == ["IDENTIFIED", "RESTORED"]
    assert draft.timeline[0]["at"] == "2026-03-04T08:15:00+00:00"
    client.post(url_of(draft), filled(client, url_of(draft)) | {"at_1": ""})
    draft.refresh_from_db()
    assert [row["state"] for row in draft.timeline] == ["RESTORED"]


def test_new_row_without_its_time_is_asked_for(signed_in, draft, agent):
    client = signed_in(agent)
    answer = client.post(url_of(draft), filled(client, url_of(draft)) | {"row_2_en": "Found."})
    assert answer.status_code == 422
    assert "Enter the time of this row." in answer.content.decode()
    assert "Found." in answer.content.decode()


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_time_that_no_zone_can_show_is_a_typing_error(signed_in, draft, agent, typed):
    client = signed_in(agent)
    assert client.post(url_of(draft), filled(client, url_of(draft)) | {"at_1": typed}).status_code == 422


def test_late_saving_keeps_the_text_typed(signed_in, draft, agent):
    client = signed_in(agent)
    typed = filled(client, url_of(draft)) | {"SUMMARY_en": "Typed meanwhile"}
    rca_documents.save_draft(draft, by=agent, sections=documents.sections("Other"), timeline=draft.timeline)
    answer = client.post(url_of(draft), typed)
    assert answer.status_code == 409
    assert "Typed meanwhile" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.sections["SUMMARY"]["en"] == "Other of summary (en)"


def step(client, version, name, **more):
    version.refresh_from_db()
    return client.post(url_of(version, "care_rca_step"), {"step": name, "version": version.revision, **more})


def test_document_goes_from_review_to_publication_by_two_people(signed_in, draft, agent, manager):
    writer, second = signed_in(agent), signed_in(manager)
    assert step(writer, draft, "submit").status_code == 303
    assert step(writer, draft, "approve").status_code == 409
    assert step(second, draft, "send_back").status_code == 409  # without a note
    assert step(second, draft, "send_back", note="Say since when.").status_code == 303
    assert "Say since when." in writer.get(url_of(draft)).content.decode()
    for client, name in ((writer, "submit"), (second, "approve"), (second, "publish")):
        assert step(client, draft, name).status_code == 303
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == ("PUBLISHED", manager)
    assert step(second, draft, "publish").status_code == 409
    assert step(writer, draft, "new_version").status_code == 303
    assert draft.document.versions.count() == 2


def test_incomplete_document_is_not_sent_to_review(signed_in, draft, agent):
    rca_documents.save_draft(draft, by=agent, sections={}, timeline=[])
    answer = step(signed_in(agent), draft, "submit")
    assert answer.status_code == 409
    assert "The document is not complete" in answer.content.decode()


def test_unknown_step_is_refused(signed_in, draft, agent):
    assert step(signed_in(agent), draft, "burn").status_code == 422


def test_actions_are_written_and_followed_to_done(signed_in, draft, agent):
    client = signed_in(agent)
    words = {f"words_{language}": f"Alarms {language}" for language in ("en", "fr", "ja", "ru")}
    typed = {"kind": "CORRECTIVE", "owner": agent.pk, "due_on": "2026-03-01", **words}
    assert client.post(url_of(draft, "care_rca_action_new"), typed).status_code == 303
    action = RcaAction.objects.get(due_on="2026-03-01")
    listed = client.get(reverse("admin:care_rca_actions")).content.decode()
    assert "Alarms en" in listed
    assert "Overdue" in listed
    url = reverse("admin:care_rca_action", args=[action.pk])
    done = {"state": "DONE", "owner": agent.pk, "due_on": "2026-03-01"}
    assert client.post(f"{url}?follow=1", done).status_code == 303
    assert "Alarms en" in client.get(reverse("admin:care_rca_actions") + "?show=done").content.decode()
    assert client.post(reverse("admin:care_rca_action_remove", args=[action.pk])).status_code == 303
    assert not RcaAction.objects.filter(pk=action.pk).exists()


def test_two_people_who_follow_an_action_at_once_lose_nothing(signed_in, draft, agent, manager):
    action = draft.document.actions.first()
    url = reverse("admin:care_rca_action", args=[action.pk]) + "?follow"
    first, second = signed_in(agent), signed_in(manager)
    typed = {"version": action.revision, "owner": agent.pk, "due_on": "2026-05-01"}
    assert first.post(url, typed | {"state": "DONE"}).status_code == 303
    answer = second.post(url, typed | {"state": "IN_PROGRESS", "due_on": "2026-06-01"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed this action meanwhile." in page
    assert "May 1, 2026" in page and "2026-06-01" in page  # theirs and one's own
    action.refresh_from_db()
    assert (action.state, str(action.due_on), action.revision) == ("DONE", "2026-05-01", 2)
    again = typed | {"state": "IN_PROGRESS", "due_on": "2026-06-01", "version": 2}
    assert second.post(url, again).status_code == 303
    action.refresh_from_db()
    assert (action.state, str(action.due_on)) == ("IN_PROGRESS", "2026-06-01")


def test_preview_shows_what_one_customer_reads(signed_in, draft, agent, organization, other_organization):
    client = signed_in(agent)
    page = client.get(url_of(draft, "care_rca_preview", organization.pk)).content.decode()
    assert "Words of summary (en)" in page
    assert "This is what Acme reads." in page
    assert client.get(url_of(draft, "care_rca_preview", other_organization.pk)).status_code == 404


def test_checklist_warns_of_names_and_characters(draft):
    sections, actions = {"SUMMARY": {"en": "Acme's calls dropped \U0001f4a5"}}, list(draft.document.actions.all())
    found = warnings_of(sections, [], [], ["Acme", "Volga"])
    assert len(found) == 3
    assert "Acme" in found[0]
    assert "no corrective" in found[1]
    assert "\U0001f4a5" in found[2]
    assert warnings_of(draft.sections, draft.timeline, actions, ["Acme"]) == []


def test_list_costs_the_same_at_one_and_three_rows(
    signed_in, policies, agent, manager, administrator, now, django_assert_max_num_queries
):
    client = signed_in(agent)
    for count in (1, 2):
        for _each in range(count):
            for make in (lambda *_a, **_k: None, documents.complete_draft, documents.published):
                case = open_critical(customer_under(policies["purecloud"]), agent=agent, now=now)
                incident = documents.restored_incident([case], by=administrator, now=now)
                make(incident, by=agent, now=now, **({"second": manager} if make is documents.published else {}))
        with django_assert_max_num_queries(11):
            client.get(reverse("admin:care_rcas"))


@pytest.mark.parametrize("name", ["care_rcas", "care_rca_actions"])
def test_onlooker_without_the_right_is_refused(signed_in, onlooker, name):
    assert signed_in(onlooker).get(reverse(f"admin:{name}")).status_code == 403
