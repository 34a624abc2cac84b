"""Publishing versions and moving open cases to them, in the browser."""

from django.urls import reverse

from tests.sla.drafts import policy_draft


def test_no_case_is_moved_to_a_draft(signed_in, manager, case):
    """Also where somebody sends the form of a version that is not published yet."""
    draft = policy_draft("genesys-cloud")
    answer = signed_in(manager).post(reverse("admin:care_move", args=["policy", draft.pk]), {"is_sure": "on"}, follow=True)
    assert answer.status_code == 200
    assert "Cases can be moved to a published version only." in answer.text
    assert not case.activities.filter(kind="VERSION").exists()
