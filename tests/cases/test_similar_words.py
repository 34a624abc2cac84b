import time

import pytest

from cases.similar_words import likeness, most_alike, words_of


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Calls drop after 30 seconds", "Dropped calls after half a minute", True),
        ("Вызовы обрываются через 30 секунд", "Обрываются вызовы клиентов", True),
        ("通話が30秒で切断される", "通話が途中で切断されます", True),
        ("Les appels sont coupés", "Appels coupés au bout de 30 s", True),
        ("Calls drop after 30 seconds", "Invoice shows two workspaces", False),
        ("通話が切断される", "請求書の金額が違う", False),
        ("", "Calls drop", False),
        ("a b c", "a b c", False),
    ],
)
def test_subjects_are_compared_in_every_language(one, other, alike):
    assert (most_alike(one, [(other, "it")]) == ["it"]) is alike


def test_likest_comes_first_and_three_are_enough():
    subjects = ["Calls drop", "Calls drop after 30 seconds", "Calls drop after lunch", "Calls drop in Paris", "Nothing alike"]
    assert most_alike("Calls drop after 30 seconds", [(each, each) for each in subjects])[0] == "Calls drop after 30 seconds"
    assert len(most_alike("Calls drop", [(each, each) for each in subjects])) == 3


def test_letters_are_folded():
    assert words_of("ＣＡＬＬＳ Отчёт") == words_of("calls отчет")


def test_nothing_is_like_nothing():
    assert likeness(set(), set()) == 0


def test_long_subjects_cost_little():
    started = time.process_time()
    most_alike("あ" * 1_000_000, [("い" * 200, 1)] * 200)
    assert time.process_time() - started < 1
