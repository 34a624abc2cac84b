"""Phone intake: who calls, what they may do, and a case that begins with its call (SPEC 2)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Activity, Attachment, Case, Draft, OrganizationPhone, User
from tests.factories import MembershipFactory, StaffFactory

from .visits import minute

CONVERSATION = "3c9f6a52-0f0b-4d38-9b5e-2f6a6b0c7d11"


@pytest.fixture
def url():
    return reverse("admin:care_phone")


@pytest.fixture
def desk_of_all_regions(signed_in, agent_of_all_regions):
    return signed_in(agent_of_all_regions)


def case_url(user):
    return reverse("admin:care_phone_case", args=[user.memberships.get().pk])


def report(user, **changes):
    """What the analyst fills in for an ordinary call."""
    organization = user.memberships.get().organization
    return {
        "case_type": "PROBLEM",
        "subject": "Calls drop",
        "priority_code": "medium",
        "description": "Every second call drops.",
        "business_impact": "Customers hang up.",
        "started_at": minute(timezone.now() - timedelta(minutes=8)),
        "is_taken": "on",
        "short_name": organization.short_name,
        "organization_id": str(organization.organization_id),
        "conversation_ids": CONVERSATION,
    } | changes


@pytest.fixture
def refused_draft(us_only_contact):
    """Sam typed a critical case, which the policy takes by phone only."""
    draft = Draft.objects.create(
        user=us_only_contact,
        kind=Draft.Kind.CASE,
        organization=us_only_contact.memberships.get().organization,
        data={
            "subject": "Nobody can call",
            "description": "All lines are dead.",
            "priority_code": "critical",
            "checklist": ["status"],
        },
        code="K7QF3M",
        refused_at=timezone.now(),
        updated_at=timezone.now(),
    )
    Attachment.objects.create(
        draft=draft, name="trace.txt", size=3, content_type="text/plain", uploaded_by=us_only_contact, uploaded_at=timezone.now()
    )
    return draft


# --- who calls ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    ["claire mar", "CLAIRE@acme", "acme", "Acme", "+33 1 99 00 12 34", "01.99.00.12.34", "0033199001234", "06 39 98 12 40"],
)
def test_caller_is_found_by(typed, desk, contact, stranger, organization, url):
    OrganizationPhone.objects.create(organization=organization, number="+33 (0)1 99 00 12 34".replace("(0)", ""))
    contact.phone = "+33 6 39 98 12 40"
    contact.save()
    page = desk.get(url, {"caller": typed}).content.decode()
    assert "Claire Martin" in page and case_url(contact) in page
    assert "Olga" not in page


@pytest.mark.parametrize("typed", ["nobody", "123", "99999999999", "%", "' or 1=1"])
def test_nobody_is_found_by(typed, desk, contact, url):
    page = desk.get(url, {"caller": typed}).content.decode()
    assert "Nobody found" in page and "Claire" not in page


def test_caller_of_another_region_is_not_found(desk, desk_of_all_regions, us_only_contact, url):
    assert "Sam Brown" in desk_of_all_regions.get(url, {"caller": "sam"}).content.decode()
    assert "Sam Brown" not in desk.get(url, {"caller": "sam"}).content.decode()
    assert desk.get(case_url(us_only_contact)).status_code == 404


def test_partner_is_not_found_by_an_organization_of_another_region(desk, us_only_contact, organization, url):
    MembershipFactory(user=us_only_contact, organization=organization, role="READER")
    User.objects.filter(pk=us_only_contact.pk).update(email="sam@mail.example")
    assert "Sam Brown" not in desk.get(url, {"caller": "federal"}).content.decode()
    page = desk.get(url, {"caller": "sam"}).content.decode()
    assert "Acme" in page and "Federal" not in page


def test_each_belonging_says_whether_cases_may_be_opened(desk, reader, contact, url):
    page = desk.get(url, {"caller": "acme"}).content.decode()
    assert page.count("Open a case for this caller") == 1
    assert page.count("Only designated contacts can open cases.") == 1


def test_search_costs_the_same_for_three_people_as_for_one(desk, contact, colleague, reader, url, django_assert_max_num_queries):
    with django_assert_max_num_queries(8) as one:
        desk.get(url, {"caller": "claire"})
    with django_assert_max_num_queries(len(one)):
        assert "Marc Petit" in desk.get(url, {"caller": "acme"}).content.decode()


def test_phone_intake_needs_its_permission(signed_in, contact, url):
    onlooker = signed_in(StaffFactory(email="new@care.example"))
    for address in (url, case_url(contact)):
        answer = onlooker.get(address)
        assert answer.status_code == 403
        assert "Your role in the care team does not include this." in answer.content.decode()
    assert onlooker.post(case_url(contact), report(contact)).status_code == 403
    assert not Case.objects.exists()


# --- the case ----------------------------------------------------------------------------------------------------------
def test_case_begins_with_its_call(desk, agent, contact):
    started = (timezone.now() - timedelta(minutes=8)).replace(second=0, microsecond=0)
    answer = desk.post(case_url(contact), report(contact, started_at=minute(started), notes="I sent a test call."))
    case = Case.objects.get()
    assert (answer.status_code, answer.url) == (303, reverse("admin:care_case", args=[case.number]))
    assert (case.opened_by, case.opened_at, case.channel, case.owner) == (contact, started, "PHONE", agent)
    call = case.activities.get(kind=Activity.Kind.CALL)
    assert (call.occurred_at, call.actor, call.text_row.text) == (started, agent, "I sent a test call.")
    response = case.clocks.get(kind="FIRST_RESPONSE")
    assert (response.started_at, response.met_at) == (started, started)
    assert list(case.conversations.values_list("conversation_id", flat=True)) == [UUID(CONVERSATION)]


def test_case_may_stay_without_owner(desk, contact):
    form = report(contact)
    del form["is_taken"]
    desk.post(case_url(contact), form)
    case = Case.objects.get()
    assert case.owner is None
    assert case.clocks.get(kind="FIRST_RESPONSE").met_at is None


def test_critical_is_taken_by_phone_where_the_portal_refuses_it(desk_of_all_regions, us_only_contact):
    form = report(
        us_only_contact,
        priority_code="critical",
        reachable_name="Sam",
        reachable_phone="+1 303 555 0100",
        environment_changes="None.",
        troubleshooting="Restarted.",
    )
    assert desk_of_all_regions.post(case_url(us_only_contact), form).status_code == 303
    assert Case.objects.get().severity_rank == 1


@pytest.mark.parametrize("shift", [timedelta(hours=2), timedelta(days=-30)])
def test_call_at_an_impossible_time_is_refused_beside_its_field(shift, desk, contact):
    answer = desk.post(case_url(contact), report(contact, started_at=minute(timezone.now() + shift)))
    assert answer.status_code == 422
    assert 'id="id_started_at_error"' in answer.content.decode()
    assert not Case.objects.exists()


def test_validations_are_those_of_the_portal(desk, contact, other_organization):
    form = report(contact, organization_id=str(other_organization.organization_id), conversation_ids="not an id", subject=" ")
    page = desk.post(case_url(contact), form).content.decode()
    for name in ("organization_id", "conversation_ids", "subject"):
        assert f'id="id_{name}_error"' in page
    assert "Every second call drops.</textarea>" in page
    assert not Case.objects.exists()


def test_form_sent_twice_opens_one_case(desk, contact):
    form = report(contact, key="5a8c7c1e-7f0b-4f6c-9d0d-0d2f6f1f4c11")
    first, second = (desk.post(case_url(contact), form) for _index in range(2))
    assert first.url == second.url
    assert Case.objects.count() == 1


@pytest.mark.parametrize("who", ["reader", "left", "deactivated"])
def test_caller_who_is_no_contact_is_refused_with_what_to_do(who, desk, reader, contact, colleague):
    caller = reader if who == "reader" else colleague
    if who == "left":
        colleague.memberships.update(is_active=False)
    if who == "deactivated":
        User.objects.filter(pk=colleague.pk).update(is_active=False)
    for answer in (desk.get(case_url(caller)), desk.post(case_url(caller), report(caller))):
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Only designated contacts can open cases." in page and "claire@acme.example" in page
    assert not Case.objects.exists()


# --- the refused draft -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["K7QF3M", " k7q f3m ", "K7Q-F3M"])
def test_refused_draft_is_found_by_its_code(typed, desk_of_all_regions, us_only_contact, refused_draft, url):
    page = desk_of_all_regions.get(url, {"code": typed}).content.decode()
    assert "Nobody can call" in page and "Sam Brown" in page
    assert f"{case_url(us_only_contact)}?code=K7QF3M" in page


def test_draft_of_another_region_or_not_refused_is_not_found(desk, desk_of_all_regions, refused_draft, url):
    assert "No draft with this code" in desk.get(url, {"code": "K7QF3M"}).content.decode()
    Draft.objects.update(refused_at=None)
    page = desk_of_all_regions.get(url, {"code": "K7QF3M"}).content.decode()
    assert "No draft with this code" in page and "Nobody can call" not in page


def test_draft_fills_in_the_form_and_its_files_go_along(desk_of_all_regions, us_only_contact, refused_draft):
    address = f"{case_url(us_only_contact)}?code=K7QF3M"
    page = desk_of_all_regions.get(address).content.decode()
    assert 'value="Nobody can call"' in page and "All lines are dead.</textarea>" in page and "trace.txt" in page
    form = report(
        us_only_contact,
        priority_code="critical",
        reachable_name="Sam",
        reachable_phone="+1 303 555 0100",
        environment_changes="None.",
        troubleshooting="Restarted.",
    )
    assert desk_of_all_regions.post(address, form).status_code == 303
    case = Case.objects.get()
    assert case.details.checklist == ["status"]
    assert case.activities.get(kind=Activity.Kind.OPENED).attachments.get().name == "trace.txt"
    assert not Draft.objects.exists()


def critical(user, **changes):
    """What the analyst fills in for a critical call."""
    more = {
        "reachable_name": "Sam",
        "reachable_phone": "+1 303 555 0100",
        "environment_changes": "None.",
        "troubleshooting": "Restarted.",
    }
    return report(user, **{"priority_code": "critical", **more, **changes})


def test_second_agent_who_takes_up_a_draft_is_told_of_the_case(
    desk_of_all_regions, us_only_contact, refused_draft, signed_in, manager, url
):
    address = f"{case_url(us_only_contact)}?code=K7QF3M"
    desk_of_all_regions.post(address, critical(us_only_contact))
    number = Case.objects.get().number
    second = signed_in(manager)
    answer = second.post(address, critical(us_only_contact, description="Typed by the second."))
    assert answer.status_code == 422
    assert f"Case {number} has been opened from this draft already." in answer.text
    assert "Typed by the second.</textarea>" in answer.text
    assert Case.objects.count() == 1
    page = second.get(address, follow=True).text
    assert f"Case {number} has been opened from this draft already." in page
    assert reverse("admin:care_case", args=[number]) in page


def test_draft_that_was_sent_after_all_opens_no_second_case(desk_of_all_regions, us_only_contact, refused_draft, signed_in, now):
    customer = signed_in(us_only_contact)
    answers = critical(us_only_contact, priority_code="high") | {"happened_zone": "UTC"}
    customer.post("/cases/new/describe/?draft=K7QF3M", answers)
    customer.post("/cases/new/review/?draft=K7QF3M")
    answer = desk_of_all_regions.post(f"{case_url(us_only_contact)}?code=K7QF3M", critical(us_only_contact))
    assert f"Case {Case.objects.get().number} has been opened from this draft already." in answer.text


def test_case_of_a_draft_is_told_to_nobody_who_is_not_cleared_for_it(
    desk, desk_of_all_regions, us_only_contact, refused_draft, url
):
    desk_of_all_regions.post(f"{case_url(us_only_contact)}?code=K7QF3M", critical(us_only_contact))
    page = desk.get(url, {"code": "K7QF3M"}).text
    assert "No draft with this code" in page and Case.objects.get().number not in page


def test_page_that_is_still_open_learns_that_its_draft_was_taken(desk_of_all_regions, us_only_contact, refused_draft, signed_in):
    desk_of_all_regions.post(f"{case_url(us_only_contact)}?code=K7QF3M", critical(us_only_contact))
    number = Case.objects.get().number
    saving = signed_in(us_only_contact, htmx=True).post("/drafts/K7QF3M/", {"description": "typed on"})
    assert saving.status_code == 409
    assert f"The care team has opened case {number} from what you typed." in saving.text
    assert not Draft.objects.exists()
    opened_again = signed_in(us_only_contact).get("/cases/new/describe/?draft=K7QF3M", follow=True)
    assert opened_again.redirect_chain[-1][0] == reverse("case", args=[number])
    assert f"The care team has opened case {number} from what you typed." in opened_again.text


def test_words_of_a_page_whose_draft_was_taken_are_kept_as_a_draft_of_their_own(
    desk_of_all_regions, us_only_contact, refused_draft, signed_in
):
    desk_of_all_regions.post(f"{case_url(us_only_contact)}?code=K7QF3M", critical(us_only_contact))
    customer, describe = signed_in(us_only_contact), "/cases/new/describe/?draft=K7QF3M"
    same = customer.post(describe, {"subject": "Calls drop", "description": "Every second call drops."})
    assert same.url == reverse("case", args=[Case.objects.get().number])
    page = customer.post(describe, {"subject": "Another matter", "description": "Invoices."}, follow=True).text
    assert f"The care team has opened case {Case.objects.get().number} from what you typed." in page
    assert [(draft.code == "K7QF3M", draft.data["subject"]) for draft in Draft.objects.all()] == [(False, "Another matter")]


def test_draft_of_one_organization_does_not_fill_in_anothers_form(desk_of_all_regions, contact, refused_draft):
    page = desk_of_all_regions.get(f"{case_url(contact)}?code=K7QF3M").content.decode()
    assert "Nobody can call" not in page


@pytest.mark.parametrize("page", ["search", "case"])
def test_phone_pages_render_in_every_language(page, language, signed_in, agent, contact, url):
    agent.language = language
    agent.save()
    answer = signed_in(agent).get({"search": f"{url}?caller=claire&code=X", "case": case_url(contact)}[page])
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_code_that_no_database_reads_finds_no_draft(desk, contact):
    """PostgreSQL takes no text with a NUL, not even to look for it."""
    assert desk.get(case_url(contact), {"code": "K7QF3\x00"}).status_code == 200
