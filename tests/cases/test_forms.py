import uuid

import pytest

from cases.decision import Refused
from cases.forms import ActionForm, AlreadySent
from cases.models import SubmittedForm
from tests.factories import UserFactory


def sent_form(key=None):
    form = ActionForm({"key": str(key or uuid.uuid4()), "version": "3"})
    assert form.is_valid()
    return form


def test_a_form_sent_twice_has_one_effect(db, now):
    user, form, effects = UserFactory(), sent_form(), []

    def act():
        effects.append("done")
        return f"/result/{len(effects)}/"

    assert [form.send_once(act, by=user, now=now) for _click in range(2)] == ["/result/1/", "/result/1/"]
    assert effects == ["done"]


def test_a_form_whose_action_was_refused_can_be_sent_again(db, now):
    user, form = UserFactory(), sent_form()

    def refuse():
        raise Refused("Not now.")

    with pytest.raises(Refused):
        form.send_once(refuse, by=user, now=now)
    assert form.send_once(lambda: "/result/", by=user, now=now) == "/result/"


def test_a_form_that_was_sent_a_moment_before_is_not_refused(db, now):
    user, form = UserFactory(), sent_form()
    SubmittedForm.objects.create(user=user, key=form.cleaned_data["key"], result_url="/first/", submitted_at=now)
    with pytest.raises(AlreadySent):
        form.remember(user, "/second/", now)
    assert form.already_sent(user) == "/first/"


def test_keys_belong_to_their_user(db, now):
    key = uuid.uuid4()
    sent_form(key).remember(UserFactory(), "/mine/", now)
    assert sent_form(key).already_sent(UserFactory()) is None


@pytest.mark.parametrize("key", ["", None, "abc", "0" * 5000, "\x00"])
def test_a_form_without_a_key_is_one_of_its_own(db, key):
    form = ActionForm({"key": key} if key is not None else {})
    assert form.is_valid()
    assert isinstance(form.cleaned_data["key"], uuid.UUID)


def test_a_shown_form_carries_a_new_key_each_time():
    assert ActionForm()["key"].value() != ActionForm()["key"].value()
