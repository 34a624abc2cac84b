"""Several people publish the same RCA at the same moment: one version, the others are told (ISSUE 4). And several deliver it: each case once."""

import pytest
from django.db import connection

from cases.decision import Refused
from cases.models import Activity
from escalations.actions import rca_documents
from escalations.models import RcaVersion
from escalations.rca_delivery import deliver_documents
from tests.escalations import documents
from tests.stories import open_critical

from .test_intake_at_once import MANY, at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="many writers at once need PostgreSQL"),
]


def test_many_publish_and_deliver_one_version(contact, agent, manager, administrator, now):
    case = open_critical(contact, agent=agent, now=now)
    incident = documents.restored_incident([case], by=administrator, now=now)
    version = documents.approved(incident, by=agent, second=manager, now=now)

    def publish(number):
        try:
            return rca_documents.publish(version, by=manager, now=now, expected_revision=version.revision).number
        except Refused as refusal:
            return refusal.reason

    answers = at_once(publish)
    assert sorted(map(str, answers)) == ["1"] + ["Somebody has published this version already."] * (MANY - 1)
    at_once(lambda number: deliver_documents(now=now))
    assert RcaVersion.objects.filter(state="PUBLISHED").count() == 1
    assert case.activities.filter(kind=Activity.Kind.RCA_DELIVERED, data__document=version.document.number).count() == 1
