"""The two pages of a case on which everything stands that can: how many statements they take (SPEED G3)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Activity, Attachment, Draft
from escalations import waking
from escalations.actions import escalation_requests as escalating
from escalations.models import OnCallPerson
from tests.escalations import documents
from tests.escalations.scenes import escalated
from tests.stories import customer_under, fresh, open_critical

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST = 12
PANELS = {"ESCALATION_UPDATE", "FOLLOW_UP", "INCIDENT_LINKED", "INCIDENT_UPDATE", "ON_CALL", "RCA_DELIVERED"}


@pytest.fixture
def full(policies, agent, manager, incident_manager):
    """A severity-1 case with more than fifty activities: an alarm that nobody has taken, an incident, its RCA, an escalation that is led, a
    follow-up case, drafts with files; and its contact."""
    begun_at = timezone.now() - 8 * DAY
    contact = customer_under(policies["purecloud"])
    OnCallPerson.objects.create(user=manager)
    case = open_critical(contact, agent=agent, now=begun_at, is_impact_significant=True)
    waking.wake(now=begun_at)
    for number in range(20):
        actions.reply(fresh(case), by=agent, text=f"Answer {number}", now=begun_at)
        actions.reply(fresh(case), by=contact, text=f"Question {number}", now=begun_at)
    incident = documents.restored_incident([case], by=incident_manager, now=begun_at + HOUR)
    actions.reject_resolution(fresh(case), by=contact, reason="Not yet.", now=begun_at + 3 * HOUR)
    documents.published(incident, by=incident_manager, second=manager, now=begun_at + 4 * HOUR)
    escalation = escalated(fresh(case), by=contact, now=timezone.now() - DAY)
    escalating.take_up_escalation(
        escalation, by=manager, owner=manager, promised_at=timezone.now() + DAY, now=timezone.now() - HOUR
    )
    for person in (agent, contact):
        draft = Draft.objects.create(
            user=person, kind=Draft.Kind.REPLY, case=case, data={"text": "Half a"}, updated_at=timezone.now()
        )
        Attachment.objects.create(draft=draft, uploaded_by=person, name="draft.txt", size=1, uploaded_at=timezone.now())
    assert case.activities.count() >= 50
    assert set(Activity.objects.filter(case=case).values_list("kind", flat=True)) >= PANELS
    return fresh(case), contact


def test_workspace_with_every_panel_takes_no_more_than_twelve(full, signed_in, agent, django_assert_max_num_queries):
    case, _contact = full
    client, url = signed_in(agent), reverse("admin:care_case", args=[case.number])
    client.get(url)
    with django_assert_max_num_queries(MOST):
        page = client.get(url).content.decode()
    assert "Nobody is on it yet" in page and "INC-" in page and "RCA-" in page and "draft.txt" in page


def test_customers_page_with_every_panel_takes_no_more_than_twelve(full, signed_in, django_assert_max_num_queries):
    case, contact = full
    client, url = signed_in(contact), reverse("case", args=[case.number])  # for the first time: it also writes down what was read
    with django_assert_max_num_queries(MOST):
        page = client.get(url).content.decode()
    assert "INC-" in page and "RCA-" in page and "draft.txt" in page
