"""C10: an affected customer reads its RCA as page and PDF; to everybody else it does not exist."""

import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse

from escalations import rca_pdf
from escalations.actions import rca_actions, rca_documents
from escalations.models import RcaFile, RcaVersion
from escalations.rca_delivery import deliver_documents
from escalations.rca_files import sheet_of
from escalations.rca_page import RcaPage
from tests.escalations import documents
from tests.stories import customer_under, open_critical

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def kenji(policies):
    return customer_under(policies["purecloud"], name="Sakura", language="ja", country="JP", time_zone="Asia/Tokyo")


@pytest.fixture
def case(kenji, agent, now):
    return open_critical(kenji, agent=agent, now=now, subject="Canary-Sakura")


@pytest.fixture
def published(case, contact, agent, manager, administrator, now):
    """Delivered to Sakura and Acme."""
    cases = [case, open_critical(contact, agent=agent, now=now, subject="Canary-Acme")]
    incident = documents.restored_incident(cases, by=administrator, now=now)
    return documents.published(incident, by=agent, second=manager, now=now + DAY)


def url_of(version):
    return reverse("rca", args=[version.document.number])


def pdf_of(version, language):
    return f"{url_of(version)}{version.document.number}-{language}.pdf"


def test_affected_customer_reads_the_document_in_their_language(signed_in, published, kenji, case):
    page = signed_in(kenji).get(url_of(published)).content.decode()
    for words in ("Words of root_cause (ja)", "60分", case.number, "A second disk (ja)", "Sakura", "（UTC+9）", "（UTC）"):
        assert words in page, words
    for foreign in ("Acme", "Canary", "Anna Weber"):
        assert foreign not in page, foreign


def test_unaffected_customer_gets_a_404(signed_in, published, stranger):
    client = signed_in(stranger)
    assert client.get(url_of(published)).status_code == 404
    assert client.get(pdf_of(published, "ru")).status_code == 404
    assert published.document.number not in client.get(reverse("rca_list")).content.decode()


@pytest.mark.parametrize("number", ["RCA-9999", "RCA-999999999999"])
def test_missing_document_is_a_404(signed_in, kenji, number):
    assert signed_in(kenji).get(f"/rca/{number}/").status_code == 404


def test_draft_of_the_next_version_is_not_shown(signed_in, published, kenji, agent):
    draft = rca_documents.new_version(published.document, by=agent, now=published.published_at)
    sections = documents.sections("Secret draft")
    rca_documents.save_draft(draft, by=agent, sections=sections, timeline=[])
    client = signed_in(kenji)
    assert "Secret draft" not in client.get(url_of(published)).content.decode()
    assert client.get(url_of(published) + "?version=2").status_code == 404


def test_latest_version_is_shown_and_earlier_ones_are_reachable(signed_in, published, kenji, agent, manager):
    later = published.published_at + DAY
    draft = rca_documents.new_version(published.document, by=agent, now=later)
    rca_documents.save_draft(draft, by=agent, sections=documents.sections("Better"), timeline=draft.timeline)
    rca_documents.submit_for_review(draft, by=agent, now=later)
    rca_documents.approve(draft, by=manager, now=later)
    rca_documents.publish(draft, by=manager, now=later)
    deliver_documents(now=later)
    client = signed_in(kenji)
    assert "Better of summary (ja)" in client.get(url_of(published)).content.decode()
    first = client.get(url_of(published) + "?version=1").content.decode()
    assert "Words of summary (ja)" in first
    assert "これは最新版ではありません。" in first


def test_actions_show_their_present_state(signed_in, published, kenji, agent):
    action = published.document.actions.get()
    kenji.language = "en"
    kenji.save()
    rca_actions.follow_action(action, by=agent, state="DONE", owner=agent, due_on=action.due_on, now=published.published_at + DAY)
    assert "Done" in signed_in(kenji).get(url_of(published)).content.decode()


def test_pdf_is_made_once_and_stays_the_same(signed_in, published, kenji, case):
    client = signed_in(kenji)
    first, second = client.get(pdf_of(published, "ja")), client.get(pdf_of(published, "ja"))
    assert (first.status_code, first.headers["Content-Type"]) == (200, "application/pdf")
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content
    file = RcaFile.objects.get()
    assert (file.organization, file.language) == (case.organization, "ja")
    assert file.sha256 == hashlib.sha256(first.content).hexdigest()


def test_sheet_of_a_superseded_version_does_not_call_itself_final(published, case):
    page = RcaPage(published, case.organization)
    assert sheet_of(page, "en").status == "Final"
    RcaVersion.objects.filter(pk=published.pk).update(state=RcaVersion.State.SUPERSEDED)
    page.version.refresh_from_db()
    assert sheet_of(page, "fr").status == "Remplacé par une version ultérieure"


@pytest.mark.parametrize("name", ["RCA-1001-xx.pdf", "RCA-9999-ja.pdf"])
def test_pdf_of_another_name_is_a_404(signed_in, published, kenji, name):
    assert signed_in(kenji).get(url_of(published) + name).status_code == 404


def test_pdf_that_cannot_be_made_is_told(signed_in, published, kenji, monkeypatch):
    monkeypatch.setattr(rca_pdf, "SECONDS", 0.001)
    answer = signed_in(kenji).get(pdf_of(published, "en"))
    assert answer.status_code == 503
    assert "PDF" in answer.content.decode()
    assert not RcaFile.objects.exists()


def test_list_shows_own_documents_and_cases(signed_in, published, kenji, case):
    page = signed_in(kenji).get(reverse("rca_list")).content.decode()
    assert published.document.number in page
    assert case.number in page
    assert "Canary" not in page


def test_list_costs_the_same_at_one_and_three_rows(
    signed_in, kenji, agent, manager, administrator, now, django_assert_max_num_queries
):
    client = signed_in(kenji)
    for count in (1, 2):
        for _each in range(count):
            case = open_critical(kenji, agent=agent, now=now)
            incident = documents.restored_incident([case], by=administrator, now=now)
            documents.published(incident, by=agent, second=manager, now=now + DAY)
        with django_assert_max_num_queries(8):
            client.get(reverse("rca_list"))


def test_document_costs_a_fixed_number_of_statements(signed_in, published, kenji, django_assert_max_num_queries):
    client = signed_in(kenji)
    client.get(url_of(published))
    with django_assert_max_num_queries(12):
        client.get(url_of(published))
