"""An answer one second before and after the due time: the same verdict on the page, in the CSV and in the mail, whatever the sweep saw."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from cases import actions
from cases.models import OutboxMessage
from escalations.sweep import sweep
from tests.stories import open_case

pytestmark = pytest.mark.django_db
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
DUE = 2 * HOUR
MOMENTS = [(-SECOND, "MET"), (timedelta(0), "MET"), (SECOND, "MISSED"), (HOUR, "MISSED")]
SWEPT = {
    "never": [],
    "before": [DUE - SECOND],
    "at the due time": [DUE],
    "between": [DUE + SECOND / 2],
    "after": [DUE + 2 * HOUR],
}


@pytest.fixture
def case(contact, agent, now):
    case = open_case(contact, now=now)
    actions.assign(case, by=agent, owner=agent, now=now)
    OutboxMessage.objects.all().delete()
    return case


def first_response_of(client, url, number):
    """The state of the first response in a CSV of cases."""
    text = b"".join(client.get(url).streaming_content).decode("utf-8-sig")
    (row,) = [row for row in csv.DictReader(StringIO(text)) if row["number"] == number]
    return row["first_response_state"]


@pytest.mark.parametrize("swept", SWEPT)
@pytest.mark.parametrize(("after", "verdict"), MOMENTS, ids=["second before", "at", "second after", "hour after"])
def test_verdict_is_the_same_everywhere(after, verdict, swept, case, agent, manager, contact, now, signed_in, capsys):
    answered = False
    for moment in sorted([*SWEPT[swept], DUE + after]):
        if moment == DUE + after and not answered:
            actions.reply(case, by=agent, text="Hello", now=now + moment)
            answered = True
        if moment in SWEPT[swept]:
            sweep(now=now + moment)
    assert case.clocks.get(kind="FIRST_RESPONSE").state == verdict
    words = {"MET": "Met: Wed,", "MISSED": "Breached: met Wed,"}[verdict]
    for reader, url in ((contact, reverse("case", args=[case.number])), (agent, reverse("admin:care_case", args=[case.number]))):
        assert words in signed_in(reader).get(url).content.decode()
    assert first_response_of(signed_in(contact), reverse("case_export"), case.number) == verdict
    assert first_response_of(signed_in(manager), reverse("admin:care_cases_csv"), case.number) == verdict
    call_command("sla_explain", case.number)
    sentence = {"MET": "Met on ", "MISSED": "Breached: done on "}[verdict]
    assert sentence in capsys.readouterr().out
    sweep(now=now + DUE + 3 * HOUR)
    told = [mail.template for mail in OutboxMessage.objects.filter(recipient=agent, template__in=["missed", "not_missed"])]
    assert told == {"MET": [], "MISSED": ["missed"]}[verdict]


def test_call_logged_late_takes_the_verdict_back_everywhere(case, agent, contact, now, signed_in):
    sweep(now=now + DUE + SECOND)
    actions.log_call(case, by=agent, text="Spoke to them.", started_at=now + DUE - SECOND, now=now + DUE + HOUR)
    mails = OutboxMessage.objects.filter(recipient=agent).order_by("pk").values_list("template", flat=True)
    assert list(mails) == ["warning", "missed", "not_missed"] or list(mails) == ["missed", "not_missed"]
    assert first_response_of(signed_in(contact), reverse("case_export"), case.number) == "MET"
    assert "Met: Wed," in signed_in(contact).get(reverse("case", args=[case.number])).content.decode()
