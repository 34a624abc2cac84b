"""The template tags of every page."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from cases.models import Case
from portal.clock_faces import face_of_case, face_of_clock
from sla.models import Clock
from tests.factories import StaffFactory, UserFactory

NOW = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)


def render(source, **context):
    return Template("{% load portal_tags %}" + source).render(Context(context | {"now": NOW}))


def test_when_is_absolute_with_the_instant_in_utc():
    moment = datetime(2026, 3, 6, 9, 18, tzinfo=UTC)
    assert render("{% when at %}", at=moment) == '<time datetime="2026-03-06T09:18:00Z">Fri, Mar 6, 2026, 09:18 (UTC)</time>'


def test_when_puts_the_relative_time_first_where_asked():
    html = render("{% when at relative=True %}", at=NOW - timedelta(minutes=12))
    assert html == '<time datetime="2026-03-06T09:18:00Z">12 minutes ago, Fri, Mar 6, 2026, 09:18 (UTC)</time>'


def test_when_is_absolute_alone_after_a_week():
    assert "ago" not in render("{% when at relative=True %}", at=NOW - timedelta(days=8))


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "1 KB"), (1, "1 KB"), (2048, "2 KB"), (1024 * 1024, "1 MB"), (1_600_000, "1.5 MB"), (25 * 1024 * 1024, "25 MB")],
)
def test_file_size_in_words(size, text):
    assert render("{{ size|file_size }}", size=size) == text


def test_file_size_has_the_decimal_comma_of_the_language():
    with translation.override("fr"):
        assert render("{{ size|file_size }}", size=1_600_000).startswith("1,5")


def test_icon_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in render('{% icon "clock" %}')


# --- pills -------------------------------------------------------------------------------------------------------------
def clock(state, **fields):
    return Clock(kind="RESTORATION", state=state, **{"due_at": NOW + timedelta(hours=5), "next_effect": "WARN"} | fields)


@pytest.mark.parametrize(
    ("row", "state", "words"),
    [
        (clock("RUNNING", next_effect_at=NOW + timedelta(hours=2)), "running", "Due Fri, 2026-03-06 14:30 (UTC)"),
        (clock("RUNNING", next_effect_at=NOW - timedelta(minutes=1)), "soon", "Due Fri, 2026-03-06 14:30 (UTC)"),
        (clock("RUNNING", next_effect="BREACH"), "soon", "Due Fri, 2026-03-06 14:30 (UTC)"),
        (clock("RUNNING", due_at=NOW + timedelta(minutes=59)), "soon", "Due Fri, 2026-03-06 10:29 (UTC)"),
        (clock("RUNNING", due_at=NOW), "overdue", "Overdue since Fri, 2026-03-06 09:30 (UTC)"),
        (clock("BREACHED", due_at=NOW - timedelta(hours=1)), "overdue", "Overdue since Fri, 2026-03-06 08:30 (UTC)"),
        (clock("RUNNING", started_at=NOW + timedelta(hours=1)), "scheduled", "Not started yet"),
        (clock("PAUSED", due_at=None, remaining_seconds=12_000), "paused", "Paused with 3 h 20 min left"),
        (clock("MET"), "met", "Met"),
        (clock("MISSED"), "missed", "Breached"),
        (clock("STOPPED"), "stopped", "Stopped"),
        (clock("NO_TARGET", due_at=None), "none", "No target"),
        (Clock(kind="CLOSING", state="RUNNING", due_at=NOW), "closing", "Closes Fri, 2026-03-06 09:30 (UTC)"),
    ],
)
def test_face_of_clock_by_state(row, state, words):
    face = face_of_clock(row, now=NOW)
    assert (face.state, face.words) == (state, words)


def test_faces_differ_by_more_than_color():
    states = [face_of_clock(row, now=NOW) for row in (clock("RUNNING"), clock("MET"), clock("MISSED"), clock("PAUSED"))]
    assert len({face.icon for face in states}) == len(states)


def test_finished_clock_does_not_change_as_time_passes():
    rows = [clock("MET"), clock("MISSED"), clock("STOPPED")]
    assert [face_of_clock(row, now=NOW) for row in rows] == [face_of_clock(row, now=NOW + timedelta(days=30)) for row in rows]


def test_face_of_case_from_its_list_columns():
    assert face_of_case(Case(status="CLOSED"), now=NOW) is None
    assert face_of_case(Case(status="NEW"), now=NOW) is None  # nothing runs any more
    assert face_of_case(Case(status="NEW", is_paused=True), now=NOW).state == "paused"
    assert face_of_case(Case(status="NEW", next_due_at=NOW - timedelta(hours=1)), now=NOW).state == "overdue"


@pytest.mark.django_db
def test_status_pill_tells_customers_who_acts_and_staff_the_status():
    case = Case(status="AWAITING_CUSTOMER")
    words = []
    for user in (UserFactory(), StaffFactory()):
        request = RequestFactory().get("/")
        request.user = user
        words.append(render("{% status_pill case %}", case=case, request=request))
    assert "Awaiting your reply" in words[0]
    assert "Awaiting customer" in words[1]


# --- form fields -------------------------------------------------------------------------------------------------------
class SampleForm(forms.Form):
    subject = forms.CharField(help_text="One sentence.")
    priority = forms.ChoiceField(choices=[("high", "High"), ("low", "Low")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I agree", required=False)
    key = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["priority"].choice_hints = {"high": "Work has stopped."}


def test_field_wires_hint_and_error_to_its_control():
    html = render("{% field form.subject %}", form=SampleForm({}))
    assert '<p class="hint" id="id_subject_helptext">One sentence.</p>' in html
    assert 'id="id_subject_error"' in html
    assert 'aria-describedby="id_subject_helptext id_subject_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="control"' in html


def test_radios_stand_in_a_fieldset_with_their_hints():
    html = render("{% field form.priority %}", form=SampleForm())
    assert "<legend>Priority</legend>" in html
    assert "Work has stopped." in html
    assert html.count('class="choice"') == 2


def test_optional_field_says_so():
    assert "(optional)" not in render("{% field form.subject %}", form=SampleForm())
    assert "(optional)" not in render("{% field form.agreed %}", form=SampleForm())


def test_whole_form_writes_hidden_and_visible_fields():
    html = render("{{ form }}", form=SampleForm())
    assert html.count("<fieldset") == 1
    assert 'type="hidden" name="key"' in html


def test_error_summary_says_the_same_words_and_leads_to_each_field():
    html = render('{% include "components/_error_summary.html" %}', form=SampleForm({}))
    assert '<a href="#id_subject">Subject: This field is required.</a>' in html
    assert '<a href="#id_priority_0">Priority: This field is required.</a>' in html
    assert "data-focus" in html


def test_error_summary_of_a_faultless_form_is_empty():
    assert render('{% include "components/_error_summary.html" %}', form=SampleForm()).strip() == ""
