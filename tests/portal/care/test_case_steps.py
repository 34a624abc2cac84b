"""Every step of the care team on a case (UX S3 to S5)."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Activity, Draft, OutboxMessage
from tests.stories import fresh, open_case

from .visits import HOUR, latest, minute, sent, url


# --- writing -----------------------------------------------------------------------------------------------------------
def test_reply_reaches_the_customer_and_can_set_the_status(desk, agent, case):
    answer = desk.post(url("care_reply", case), sent(case, text="Which version?", then="AWAITING_CUSTOMER"))
    reply = case.activities.get(kind=Activity.Kind.REPLY)
    assert (answer.status_code, answer.url) == (303, f"{url('care_case', case)}#event-{reply.pk}")
    assert (reply.text_row.text, reply.visibility, fresh(case).status) == ("Which version?", "CUSTOMER", "AWAITING_CUSTOMER")


def test_reply_leaves_the_status_as_it_is_unless_asked(desk, case):
    desk.post(url("care_reply", case), sent(case, text="We are at it.", then="as_it_is"))
    assert fresh(case).status == "IN_PROGRESS"


def test_note_is_internal_whatever_is_sent_with_it(desk, case):
    mails = OutboxMessage.objects.count()
    desk.post(url("care_note", case), sent(case, text="Ask development.", then="AWAITING_CUSTOMER", visibility="CUSTOMER"))
    note = latest(case)
    assert (note.kind, note.visibility, fresh(case).status) == ("INTERNAL_NOTE", "INTERNAL", "NEW")
    assert OutboxMessage.objects.count() == mails


def test_empty_reply_comes_back_with_its_error(desk, case):
    answer = desk.post(url("care_reply", case), sent(case, text="  \u200b ", then="as_it_is"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.index("There is a problem") < page.index("This field is required.")
    assert "<title>Error:" in page


def test_reply_sent_twice_is_one_reply(desk, case):
    form = sent(case, text="Once.", then="as_it_is", key="5a8c7c1e-7f0b-4f6c-9d0d-0d2f6f1f4c11")
    first, second = (desk.post(url("care_reply", case), form) for _index in range(2))
    assert first.url == second.url
    assert case.activities.filter(kind=Activity.Kind.REPLY).count() == 1


def test_reply_to_a_case_that_changed_meanwhile_shows_both_texts(desk, contact, case):
    form = sent(case, text="Please wait.", then="as_it_is")
    actions.reply(case, by=contact, text="It works again!", now=timezone.now())
    answer = desk.post(url("care_reply", case), form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "It works again!" in page and "Please wait.</textarea>" in page and "Somebody changed this case" in page
    again = form | {"version": re.search(r'name="version" value="(\d+)"', page)[1]}
    assert desk.post(url("care_reply", case), again).status_code == 303


def test_note_is_kept_although_the_case_changed_meanwhile(desk, contact, case):
    form = sent(case, text="My note.")
    actions.reply(case, by=contact, text="More.", now=timezone.now())
    assert desk.post(url("care_note", case), form).status_code == 303


def test_draft_is_in_the_box_and_done_when_sent(desk, agent, case):
    Draft.objects.create(user=agent, kind=Draft.Kind.REPLY, case=case, data={"text": "Half a thought"}, updated_at=timezone.now())
    assert "Half a thought</textarea>" in desk.get(url("care_case", case)).content.decode()
    desk.post(url("care_reply", case), sent(case, text="A whole thought", then="as_it_is"))
    assert not Draft.objects.exists()


def test_file_goes_along_with_the_reply(desk, case):
    upload = SimpleUploadedFile("steps.txt", b"1. Restart", content_type="text/plain")
    desk.post(url("care_reply", case), sent(case, text="Try these steps.", then="as_it_is", files=upload))
    assert [file.name for file in case.activities.get(kind=Activity.Kind.REPLY).attachments.all()] == ["steps.txt"]


def test_file_stays_while_something_else_is_wrong(desk, case):
    good, bad = SimpleUploadedFile("steps.txt", b"1. Restart"), SimpleUploadedFile("run.exe", b"MZ\x00\x01")
    answer = desk.post(url("care_reply", case), sent(case, text="Try.", then="as_it_is", files=[good, bad]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_files_error"' in page and "Try.</textarea>" in page
    page = desk.get(url("care_case", case)).content.decode()
    key = re.search(r'name="remove" value="(\d+)"', page)[1]
    assert "steps.txt" in page
    desk.post(url("care_reply", case), sent(case, text="Try them.", remove=key))
    page = desk.get(url("care_case", case)).content.decode()
    assert "steps.txt" not in page and "Try them.</textarea>" in page


def test_draft_is_saved_without_javascript(desk, case):
    desk.post(url("care_reply", case), sent(case, text="Not yet.", save="1"))
    assert "Not yet.</textarea>" in desk.get(url("care_case", case)).content.decode()
    assert not case.activities.filter(kind=Activity.Kind.REPLY).exists()


def test_who_may_not_reply_keeps_no_files(signed_in, onlooker, case):
    upload = SimpleUploadedFile("steps.txt", b"1. Restart")
    assert signed_in(onlooker).post(url("care_reply", case), sent(case, text="Try.", files=upload)).status_code == 403
    assert not Draft.objects.exists()


def test_masked_secret_is_told_to_the_writer(desk, case):
    answer = desk.post(url("care_reply", case), sent(case, text="password: Hunter2hunter2", then="as_it_is"), follow=True)
    assert "masked it" in answer.content.decode()
    assert "Hunter2hunter2" not in case.activities.get(kind=Activity.Kind.REPLY).text_row.text


# --- calls -------------------------------------------------------------------------------------------------------------
def test_call_is_logged_with_its_real_start_and_is_a_response(desk, agent, case, opened_at):
    actions.assign(case, by=agent, owner=agent, now=opened_at + timedelta(minutes=1))
    started = opened_at + timedelta(minutes=20)
    desk.post(url("care_call", case), {"started_at": minute(started), "with_customer": "on", "text": "We looked together."})
    call = latest(case)
    assert (call.kind, call.occurred_at) == ("CALL", started.replace(second=0, microsecond=0))
    assert call.recorded_at > started
    assert case.clocks.get(kind="FIRST_RESPONSE").met_at == call.occurred_at


@pytest.mark.parametrize("shift", [timedelta(hours=-1), timedelta(hours=3)])
def test_call_outside_of_the_case_is_refused_beside_its_field(shift, desk, case, opened_at):
    answer = desk.post(url("care_call", case), {"started_at": minute(opened_at + shift), "text": "Talked."})
    assert answer.status_code == 422
    assert 'id="call_started_at_error"' in answer.content.decode()
    assert not case.activities.filter(kind=Activity.Kind.CALL).exists()


def test_call_in_the_minute_of_the_opening_starts_with_it(desk, case, opened_at):
    desk.post(url("care_call", case), {"started_at": minute(opened_at), "with_customer": "on", "text": "Talked."})
    assert latest(case).occurred_at == opened_at


def test_call_without_the_customer_is_internal(desk, case):
    desk.post(url("care_call", case), {"started_at": minute(timezone.now()), "text": "Asked the vendor."})
    assert latest(case).visibility == "INTERNAL"


# --- owner, severity, priority, scope ----------------------------------------------------------------------------------
def test_assign_to_me_by_one_button(desk, agent, case):
    page = desk.get(url("care_case", case)).content.decode()
    assert f'name="owner" value="{agent.pk}"' in page
    desk.post(url("care_assign", case), sent(case, owner=agent.pk))
    assert fresh(case).owner == agent


def test_assign_offers_only_colleagues_who_may_own_the_case(desk, agent, agent_of_all_regions, agent_not_cleared, onlooker, case):
    page = desk.get(url("care_assign", case)).content.decode()
    assert agent_of_all_regions.name in page
    assert agent_not_cleared.name not in page and onlooker.name not in page
    answer = desk.post(url("care_assign", case), sent(case, owner=agent_not_cleared.pk))
    assert (answer.status_code, fresh(case).owner) == (422, None)


def test_case_can_be_left_without_owner(desk, agent, case):
    actions.assign(case, by=agent, owner=agent, now=timezone.now())
    desk.post(url("care_assign", case), sent(case, owner=""))
    assert fresh(case).owner is None


def test_severity_page_tells_the_effect_before_the_change(desk, agent, case):
    actions.set_scope(case, by=agent, scope="PLATFORM", now=timezone.now())
    page = desk.get(url("care_severity", case)).content.decode()
    assert case.clocks.get(kind="RESTORATION").due_at  # with severity 2
    promised = re.findall(
        "Time to restore – (?:Due|Starts) ", page
    )  # outside of support hours a clock in business time starts later
    assert (len(promised), page.count("Time to restore – No target")) == (2, 1)  # with 1, 3; with 4
    assert fresh(case).severity_rank == 2 and case.activities.count() == 3


def test_severity_change_needs_a_reason(desk, case):
    answer = desk.post(url("care_severity", case), sent(case, rank=3, reason=""))
    assert answer.status_code == 422
    assert 'id="severity_reason_error"' in answer.content.decode()
    assert fresh(case).severity_rank == 2


def test_severity_change_is_told_to_the_customer(desk, signed_in, contact, case):
    desk.post(url("care_severity", case), sent(case, rank=3, reason="A workaround is in place."))
    page = signed_in(contact).get(reverse("case", args=[case.number])).content.decode()
    assert fresh(case).severity_rank == 3
    assert "A workaround is in place." in page


def test_severity_of_nowhere_is_refused(desk, case):
    assert desk.post(url("care_severity", case), sent(case, rank=9, reason="Why not")).status_code == 422


def test_priority_is_changed_on_the_customers_behalf(desk, case):
    desk.post(url("care_priority", case), sent(case, code="medium", reason="As agreed on the phone."))
    assert fresh(case).priority_code == "medium"


def test_scope_and_impact_are_recorded_where_they_differ(desk, case):
    desk.post(url("care_scope", case), sent(case, scope="ISOLATED", is_impact_significant="on"))
    assert [one.kind for one in case.activities.order_by("-pk")[:2]] == ["IMPACT", "SCOPE"]
    count = case.activities.count()
    desk.post(url("care_scope", case), sent(case, scope="ISOLATED", is_impact_significant="on"))
    assert case.activities.count() == count


# --- status, waiting, promises -----------------------------------------------------------------------------------------
def test_status_is_changed_by_buttons_that_fit_it(desk, case):
    page = desk.get(url("care_case", case)).content.decode()
    assert 'value="await_customer"' in page and 'value="resume"' not in page
    desk.post(url("care_status", case), sent(case, change="await_customer"))
    assert fresh(case).status == "AWAITING_CUSTOMER"
    desk.post(url("care_status", case), sent(case, change="resume"))
    assert fresh(case).status == "IN_PROGRESS"


def test_status_button_of_another_status_is_refused(desk, case):
    assert desk.post(url("care_status", case), sent(case, change="third_party_replied")).status_code == 422
    assert fresh(case).status == "NEW"


def test_answer_can_be_marked_as_not_adequate_once_there_is_one(desk, agent, contact, case):
    actions.await_customer(case, by=agent, now=timezone.now())
    assert 'value="not_adequate"' not in desk.get(url("care_case", case)).content.decode()
    actions.reply(case, by=contact, text="Which one?", now=timezone.now())
    assert 'value="not_adequate"' in desk.get(url("care_case", case)).content.decode()
    desk.post(url("care_status", case), sent(case, change="not_adequate"))
    assert fresh(case).status == "AWAITING_CUSTOMER"


def test_third_party_is_told_by_name_and_the_rest_stays_internal(desk, signed_in, contact, case):
    form = sent(case, name="Our carrier", reference="T-4711", link="https://carrier.example/T-4711", promised_on="2030-01-02")
    assert desk.post(url("care_third_party", case), form).status_code == 303
    page = signed_in(contact).get(reverse("case", args=[case.number])).content.decode()
    assert fresh(case).status == "AWAITING_THIRD_PARTY"
    assert "Our carrier" in page and "T-4711" not in page
    assert "T-4711" in desk.get(url("care_case", case)).content.decode()
    desk.post(url("care_status", case), sent(case, change="third_party_replied"))
    assert fresh(case).status == "IN_PROGRESS"


def test_third_party_link_must_be_a_web_address(desk, case):
    answer = desk.post(url("care_third_party", case), sent(case, name="Carrier", link="javascript:alert(1)"))
    assert (answer.status_code, fresh(case).status) == (422, "NEW")


def test_promise_lies_in_the_future_and_runs_a_clock(desk, case):
    assert desk.post(url("care_promise", case), sent(case, promised_at=minute(timezone.now() - HOUR))).status_code == 422
    desk.post(url("care_promise", case), sent(case, promised_at=minute(timezone.now() + 3 * HOUR)))
    promised = datetime.fromisoformat(latest(case).data["promised_at"])
    assert case.clocks.get(kind="NEXT_UPDATE").due_at == promised


def test_times_are_read_in_the_care_users_zone(signed_in, agent, case):
    agent.time_zone = "Asia/Tokyo"
    agent.save()
    moment = (timezone.now() + 3 * HOUR).replace(second=0, microsecond=0)
    signed_in(agent).post(url("care_promise", case), sent(case, promised_at=minute(moment, "Asia/Tokyo")))
    assert datetime.fromisoformat(latest(case).data["promised_at"]) == moment


def test_restored_meets_the_target_at_its_own_time(desk, agent, case, opened_at):
    actions.set_scope(case, by=agent, scope="PLATFORM", now=opened_at)
    restored = opened_at + HOUR
    desk.post(url("care_restored", case), sent(case, restored_at=minute(restored)))
    assert case.clocks.get(kind="RESTORATION").met_at == restored.replace(second=0, microsecond=0)


# --- the end -----------------------------------------------------------------------------------------------------------
def test_resolution_is_proposed_and_taken_back(desk, case):
    desk.post(url("care_resolution", case), sent(case, summary="The line was replaced."))
    assert fresh(case).status == "RESOLUTION_PROPOSED"
    desk.post(url("care_status", case), sent(case, change="resume"))
    assert fresh(case).status == "IN_PROGRESS"


def test_case_is_closed_with_a_summary_and_reopened_with_a_reason(desk, case):
    assert desk.post(url("care_close", case), sent(case, summary=" ")).status_code == 422
    desk.post(url("care_close", case), sent(case, summary="Solved by a new line."))
    assert fresh(case).status == "CLOSED"
    page = desk.get(url("care_case", case)).content.decode()
    assert url("care_reopen", case) in page and url("care_reply", case) not in page
    desk.post(url("care_reopen", case), sent(case, reason="It came back."))
    assert fresh(case).status == "IN_PROGRESS"


def test_closing_a_case_on_which_the_customer_just_wrote_shows_what_is_new(desk, contact, case):
    form = sent(case, summary="Solved.")
    actions.reply(case, by=contact, text="It is worse now.", now=timezone.now())
    answer = desk.post(url("care_close", case), form)
    page = answer.content.decode()
    assert (answer.status_code, fresh(case).status) == (409, "NEW")
    assert "It is worse now." in page and "Solved.</textarea>" in page


# --- removing a text ---------------------------------------------------------------------------------------------------
def test_manager_removes_a_text_and_a_tombstone_stays(signed_in, manager, agent, contact, case):
    note = actions.reply(case, by=contact, text="My card is 4111 1111", now=timezone.now())
    client = signed_in(manager)
    assert url("care_redact", case, note.pk) in client.get(url("care_case", case)).content.decode()
    client.post(url("care_redact", case, note.pk), sent(case, reason="Personal data"))
    page = client.get(url("care_case", case)).content.decode()
    assert "My card" not in page
    assert "This text was removed" in page and "Personal data" in page


def test_analyst_may_not_remove_a_text(desk, contact, case):
    note = actions.reply(case, by=contact, text="Stays.", now=timezone.now())
    assert url("care_redact", case, note.pk) not in desk.get(url("care_case", case)).content.decode()
    assert desk.post(url("care_redact", case, note.pk), sent(case, reason="No")).status_code == 403
    assert "Stays." in desk.get(url("care_case", case)).content.decode()


def test_text_of_another_case_is_not_removed_through_this_one(signed_in, manager, contact, case):
    other = open_case(contact, now=timezone.now())
    first = other.activities.first()
    assert signed_in(manager).post(url("care_redact", case, first.pk), sent(case, reason="No")).status_code == 404


def test_promise_at_the_end_of_time_is_told_beside_its_field(signed_in, agent, case):
    agent.time_zone = "America/Denver"  # where the last hours of the year 9999 lie beyond it in UTC
    agent.save()
    answer = signed_in(agent).post(url("care_promise", case), sent(case, promised_at="9999-12-31T23:30"))
    assert answer.status_code == 422


def test_third_party_scope_takes_its_reason(desk, case):
    answer = desk.post(url("care_scope", case), sent(case, scope="THIRD_PARTY"))
    assert (answer.status_code, fresh(case).scope) == (422, "UNKNOWN")
    desk.post(url("care_scope", case), sent(case, scope="THIRD_PARTY", reason="Meta is down."))
    assert (fresh(case).scope, latest(case).text_row.text) == ("THIRD_PARTY", "Meta is down.")
