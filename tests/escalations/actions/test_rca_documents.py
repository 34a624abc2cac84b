"""RCA documents from draft to published, and every refusal on the way (SPEC 8)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from cases import actions
from cases.decision import Refused
from cases.models import Activity, Case, OutboxMessage
from escalations.actions import rca_actions, rca_documents
from escalations.actions.incident_links import unlink_case
from escalations.models import RcaAction, RcaDelivery, RcaVersion
from escalations.rca_delivery import deliver_documents, deliver_version
from tests.escalations import documents, incidents
from tests.stories import customer_under, fresh, open_critical

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
State = RcaVersion.State


@pytest.fixture
def case(contact, agent, now):
    return open_critical(contact, agent=agent, now=now)


@pytest.fixture
def later(now):
    return now + DAY


@pytest.fixture
def incident(case, administrator, now):
    return documents.restored_incident([case], by=administrator, now=now)


@pytest.fixture
def draft(incident, agent, later):
    return documents.complete_draft(incident, by=agent, now=later)


@pytest.fixture
def approved(draft, agent, manager, later):
    rca_documents.submit_for_review(draft, by=agent, now=later)
    return rca_documents.approve(draft, by=manager, now=later)


@pytest.fixture
def published(approved, manager, later):
    rca_documents.publish(approved, by=manager, now=later)
    deliver_documents(now=later)
    approved.refresh_from_db()
    return approved


# --- writing -----------------------------------------------------------------------------------------------------------
def test_draft_begins_with_what_the_public_was_told(incident, agent, later):
    version = rca_documents.draft_document(incident, by=agent, now=later)
    update = incident.updates.get()
    assert version.timeline == [{"at": update.published_at.isoformat(), "state": "RESTORED", "words": update.words}]
    assert (version.state, version.sections["SUMMARY"]) == (State.DRAFT, incidents.SUMMARY)


def test_second_draft_of_the_same_incident_is_refused(draft, incident, manager, later):
    with pytest.raises(Refused, match="already"):
        rca_documents.draft_document(incident, by=manager, now=later)


def test_draft_of_an_incident_that_goes_on_is_refused(administrator, now):
    with pytest.raises(Refused, match="not restored"):
        rca_documents.draft_document(incidents.declare(administrator, now=now), by=administrator, now=now)


def test_draft_is_not_begun_by_customers(incident, contact, later):
    with pytest.raises(Refused):
        rca_documents.draft_document(incident, by=contact, now=later)


def test_saving_an_old_page_is_refused_and_changes_nothing(draft, agent):
    first = draft.revision
    rca_documents.save_draft(draft, by=agent, sections=documents.sections("New"), timeline=[], expected_revision=first)
    with pytest.raises(rca_documents.StaleDocument):
        rca_documents.save_draft(draft, by=agent, sections={}, timeline=[], expected_revision=first)
    draft.refresh_from_db()
    assert draft.sections["IMPACT"]["ja"] == "New of impact (ja)"


def test_version_in_review_cannot_be_saved(draft, agent, later):
    rca_documents.submit_for_review(draft, by=agent, now=later)
    with pytest.raises(Refused, match="no draft"):
        rca_documents.save_draft(draft, by=agent, sections=documents.sections(), timeline=[])


# --- review ------------------------------------------------------------------------------------------------------------
def test_review_is_refused_where_a_language_is_missing_and_says_which(draft, agent, later):
    sections = documents.sections()
    del sections["ROOT_CAUSE"]["ja"]
    sections["IMPACT"] = {}
    rca_documents.save_draft(draft, by=agent, sections=sections, timeline=draft.timeline)
    with pytest.raises(rca_documents.Incomplete) as refusal:
        rca_documents.submit_for_review(draft, by=agent, now=later)
    found = [(str(one.part), one.languages) for one in refusal.value.missing]
    assert found == [("Impact", ("en", "fr", "ja", "ru")), ("Root cause", ("ja",))]
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_review_is_refused_where_an_action_has_no_owner(draft, agent, later):
    words = documents.in_each_language("More alarms")
    rca_actions.add_action(draft.document, by=agent, kind="CORRECTIVE", words=words, owner=None, due_on=later.date())
    with pytest.raises(rca_documents.Incomplete) as refusal:
        rca_documents.submit_for_review(draft, by=agent, now=later)
    assert [(one.number, one.facts) for one in refusal.value.missing] == [(2, ("owner",))]


def test_writer_cannot_approve_their_own(incident, manager, later):
    version = documents.complete_draft(incident, by=manager, now=later)
    rca_documents.submit_for_review(version, by=manager, now=later)
    with pytest.raises(Refused, match="Somebody else"):
        rca_documents.approve(version, by=manager, now=later)


def test_whoever_wrote_in_the_draft_of_another_cannot_approve_it(draft, agent, manager, later):
    rca_documents.save_draft(draft, by=manager, sections=draft.sections, timeline=draft.timeline)
    rca_documents.submit_for_review(draft, by=agent, now=later)
    with pytest.raises(Refused, match="Somebody else"):
        rca_documents.approve(draft, by=manager, now=later)


def test_whoever_wrote_an_action_alone_cannot_approve_the_draft(draft, agent, manager, later):
    words = documents.in_each_language("A third disk")
    due_on = later.date()
    kind = RcaAction.Kind.CORRECTIVE
    rca_actions.add_action(draft.document, by=manager, kind=kind, words=words, owner=agent, due_on=due_on)
    rca_documents.submit_for_review(draft, by=agent, now=later)
    with pytest.raises(Refused, match="You wrote in this document"):
        rca_documents.approve(draft, by=manager, now=later)


def test_analyst_cannot_approve(draft, agent, agent_of_all_regions, later):
    rca_documents.submit_for_review(draft, by=agent, now=later)
    with pytest.raises(Refused, match="role"):
        rca_documents.approve(draft, by=agent_of_all_regions, now=later)


def test_version_goes_back_with_a_note(approved, manager, later):
    with pytest.raises(Refused, match="Say what"):
        rca_documents.send_back(approved, by=manager, note=" ", now=later)
    rca_documents.send_back(approved, by=manager, note="Say since when.", now=later)
    assert (approved.state, approved.approved_by) == (State.APPROVED, manager)
    approved.refresh_from_db()
    assert (approved.state, approved.approved_by, approved.review_note) == (State.DRAFT, None, "Say since when.")


# --- publication -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW])
def test_publishing_without_approval_is_refused(draft, agent, manager, later, state):
    if state == State.IN_REVIEW:
        rca_documents.submit_for_review(draft, by=agent, now=later)
    with pytest.raises(Refused, match="Only an approved version"):
        rca_documents.publish(draft, by=manager, now=later)
    assert not RcaVersion.objects.filter(published_at__isnull=False).exists()


def test_publishing_twice_is_told(published, manager, later):
    with pytest.raises(Refused, match="already"):
        rca_documents.publish(published, by=manager, now=later)


def test_analyst_cannot_publish(approved, agent, later):
    with pytest.raises(Refused, match="role"):
        rca_documents.publish(approved, by=agent, now=later)


def test_published_version_keeps_the_actions_as_they_were(published, agent, later):
    action = published.document.actions.get()
    rca_actions.follow_action(action, by=agent, state="DONE", owner=agent, due_on=action.due_on, now=later)
    published.refresh_from_db()
    assert [row["state"] for row in published.actions_frozen] == ["OPEN"]


@pytest.mark.parametrize("change", [{"sections": {}}, {"state": State.DRAFT}, {"state": State.SUPERSEDED, "timeline": []}])
def test_database_refuses_to_change_a_published_version(published, change):
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        RcaVersion.objects.filter(pk=published.pk).update(**change)


def test_database_refuses_to_change_a_superseded_version(published):
    RcaVersion.objects.filter(pk=published.pk).update(state=State.SUPERSEDED)
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        RcaVersion.objects.filter(pk=published.pk).update(state=State.PUBLISHED)


def test_new_version_supersedes_the_published_one_and_is_told_again(published, case, agent, manager, later):
    second = rca_documents.new_version(published.document, by=agent, now=later)
    assert (second.number, second.sections) == (2, published.sections)
    with pytest.raises(Refused, match="in work"):
        rca_documents.new_version(published.document, by=agent, now=later)
    rca_documents.submit_for_review(second, by=agent, now=later)
    rca_documents.approve(second, by=manager, now=later)
    rca_documents.publish(second, by=manager, now=later + HOUR)
    deliver_documents(now=later + HOUR)
    published.refresh_from_db()
    assert published.state == State.SUPERSEDED
    told = case.activities.filter(kind=Activity.Kind.RCA_DELIVERED, data__kind="RCA").order_by("pk")
    assert [activity.data["version"] for activity in told] == [1, 2]


# --- delivery ----------------------------------------------------------------------------------------------------------
def test_publication_reaches_each_linked_case_once(policies, agent, manager, administrator, now, later):
    cases = [open_critical(customer_under(policies["purecloud"]), agent=agent, now=now) for _ in range(3)]
    incident = documents.restored_incident(cases, by=administrator, now=now)
    waiting = Case.objects.filter(follows__in=cases, closes_with_rca=True)
    assert waiting.count() == 3
    documents.published(incident, by=agent, second=manager, now=later)
    assert deliver_documents(now=later + HOUR) == 0
    assert RcaDelivery.objects.filter(case__in=cases).count() == 3
    assert waiting.count() == 0
    for case in cases:
        assert case.activities.filter(kind=Activity.Kind.RCA_DELIVERED, data__kind="RCA").count() == 1
        assert case.clocks.get(kind="RCA").met_at == later


def test_delivery_is_mailed_in_the_language_of_each_reader(policies, agent, manager, administrator, now, later):
    readers = [customer_under(policies["purecloud"], language=language) for language in ("ja", "ru")]
    cases = [open_critical(reader, agent=agent, now=now) for reader in readers]
    incident = documents.restored_incident(cases, by=administrator, now=now)
    documents.published(incident, by=agent, second=manager, now=later)
    mails = OutboxMessage.objects.filter(created_at=later, template="document")
    assert sorted(mails.values_list("recipient", "language")) == sorted((reader.pk, reader.language) for reader in readers)


def test_case_that_is_linked_later_gets_the_document(published, incident, colleague, agent, manager, later):
    case = open_critical(colleague, agent=agent, now=later)
    incidents.link(incident, case, by=manager, now=later)
    assert deliver_documents(now=later + HOUR) == 1
    assert published.deliveries.filter(case=case).exists()


def test_document_that_has_arrived_everywhere_is_not_asked_for_until_a_case_is_linked(
    published, incident, colleague, agent, manager, later
):
    document = published.document
    document.refresh_from_db()
    assert not document.is_delivery_due
    incidents.link(incident, open_critical(colleague, agent=agent, now=later), by=manager, now=later)
    document.refresh_from_db()
    assert document.is_delivery_due
    assert [deliver_documents(now=later + HOUR), deliver_documents(now=later + HOUR)] == [1, 0]
    document.refresh_from_db()
    assert not document.is_delivery_due


def test_closed_case_gets_the_document(case, incident, contact, agent, manager, later):
    actions.accept_resolution(fresh(case), by=contact, now=later)
    documents.published(incident, by=agent, second=manager, now=later)
    assert RcaDelivery.objects.filter(case=case).count() == 1


def test_unlinked_case_gets_nothing(case, incident, draft, agent, manager, later):
    incident.links.update(unlinked_at=later)
    rca_documents.submit_for_review(draft, by=agent, now=later)
    rca_documents.approve(draft, by=manager, now=later)
    rca_documents.publish(draft, by=manager, now=later)
    assert deliver_documents(now=later) == 0


def test_next_version_reaches_nobody_before_it_is_published(published, case, agent, manager, later):
    draft = rca_documents.new_version(published.document, by=agent, now=later)
    for _step in range(2):
        assert deliver_documents(now=later) == 0
        rca_documents.submit_for_review(draft, by=agent, now=later)
        draft = rca_documents.send_back(draft, by=manager, note="More of it.", now=later)
    assert [delivery.version for delivery in RcaDelivery.objects.all()] == [published]


def test_case_that_is_linked_later_gets_the_published_version_alone(published, incident, colleague, agent, manager, later):
    draft = rca_documents.new_version(published.document, by=agent, now=later)
    rca_documents.submit_for_review(draft, by=agent, now=later)
    rca_documents.publish(rca_documents.approve(draft, by=manager, now=later), by=manager, now=later)
    late = open_critical(colleague, agent=agent, now=later)
    incidents.link(incident, late, by=manager, now=later)
    deliver_documents(now=later)
    assert [delivery.version.number for delivery in RcaDelivery.objects.filter(case=late)] == [2]


def test_case_whose_link_is_undone_meanwhile_gets_nothing(case, incident, draft, agent, manager, later):
    rca_documents.submit_for_review(draft, by=agent, now=later)
    version = rca_documents.publish(rca_documents.approve(draft, by=manager, now=later), by=manager, now=later)
    unlink_case(incident.links.get(), by=manager, now=later)
    assert not deliver_version(version, case, now=later)  # which the sweep found to be missing a moment before
    assert not RcaDelivery.objects.exists()


def test_document_of_a_single_case_is_delivered_there(case, agent, manager, later):
    version = documents.published(case, by=agent, second=manager, now=later)
    assert list(version.deliveries.values_list("case", flat=True)) == [case.pk]


# --- actions -----------------------------------------------------------------------------------------------------------
def test_action_is_followed_to_done_after_publication(published, agent, manager, later):
    action = published.document.actions.get()
    rca_actions.follow_action(action, by=agent, state="IN_PROGRESS", owner=manager, due_on=action.due_on, now=later)
    rca_actions.follow_action(action, by=agent, state="DONE", owner=manager, due_on=action.due_on, now=later + HOUR)
    action.refresh_from_db()
    assert (action.state, action.owner, action.done_at) == ("DONE", manager, later + HOUR)
    with pytest.raises(Refused, match="owner and a due date"):
        rca_actions.follow_action(action, by=agent, state="OPEN", owner=None, due_on=None, now=later)


def test_texts_of_actions_stand_once_the_document_is_published(published, agent):
    action = published.document.actions.get()
    what = {"kind": "CORRECTIVE", "words": {"en": "Else"}, "owner": agent, "due_on": action.due_on}
    with pytest.raises(Refused, match="while the document is a draft"):
        rca_actions.change_action(action, by=agent, **what)
    with pytest.raises(Refused, match="while the document is a draft"):
        rca_actions.add_action(published.document, by=agent, **what)


def test_published_action_is_not_removed_from_the_next_draft(published, agent, later):
    rca_documents.new_version(published.document, by=agent, now=later)
    with pytest.raises(Refused, match="was published"):
        rca_actions.remove_action(published.document.actions.get(), by=agent)


def test_action_of_a_draft_is_removed(draft, agent):
    rca_actions.remove_action(draft.document.actions.get(), by=agent)
    assert not RcaAction.objects.exists()
