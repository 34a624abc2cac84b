"""The first whole: a case from the browser to its close, and the manager's CSV. In four languages, and without JavaScript (issue "Must show")."""

import csv
import io

import pytest
from playwright.sync_api import expect

from cases.models import Activity, Attachment, Case, User
from portal.demo_world.files import screenshot
from sla.models import Clock

WRONG_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
CONVERSATION = "6f1c0a9e-52d7-4b83-9e0a-7d4416c2b5f1"
LINK = f"https://apps.mypurecloud.ie/directory/#/engage/admin/interactions/{CONVERSATION.upper()}?tab=details"
SHOT = screenshot("screen.png", "Recordings", "403 Recording not available")

WORDS = {
    "en": {
        "subject": "Recordings of the Lille team do not load",
        "description": "The picture stays black since yesterday evening.",
        "impact": "Six supervisors cannot evaluate calls.",
        "reply": "Thank you, we can see the same.",
        "question": "Did you import roles on Tuesday?",
        "answer": "Yes, at six in the evening.",
        "summary": "The role has its division again.",
    },
    "fr": {
        "subject": "Les enregistrements de l’équipe de Lille ne se chargent plus",
        "description": "L’image reste noire depuis hier soir.",
        "impact": "Six superviseurs ne peuvent plus évaluer d’appels.",
        "reply": "Merci, nous voyons la même chose.",
        "question": "Avez-vous importé des rôles mardi ?",
        "answer": "Oui, à dix-huit heures.",
        "summary": "Le rôle a retrouvé sa division.",
    },
    "ja": {
        "subject": "リールのチームの録画が再生されない",
        "description": "昨晩から画面が黒いままです。",
        "impact": "6名のスーパーバイザーが評価できません。",
        "reply": "ご連絡ありがとうございます。同じ現象を確認しました。",
        "question": "火曜日にロールをインポートされましたか。",
        "answer": "はい、18時に行いました。",
        "summary": "ロールに部門を割り当て直しました。",
    },
    "ru": {
        "subject": "Записи экрана команды в Лилле не открываются",
        "description": "Со вчерашнего вечера изображение остаётся чёрным.",
        "impact": "Шесть супервизоров не могут оценивать звонки.",
        "reply": "Спасибо, мы видим то же самое.",
        "question": "Импортировали ли вы роли во вторник?",
        "answer": "Да, в шесть вечера.",
        "summary": "Роли снова назначено подразделение.",
    },
}


@pytest.mark.parametrize(
    ("language", "javascript"),
    [("en", True), ("fr", True), ("ja", True), ("ru", True), ("fr", False)],
    ids=["en", "fr", "ja", "ru", "fr-without-javascript"],
)
def test_case_from_the_browser_to_its_close(open_browser, contact, agent, manager, language, javascript):
    User.objects.update(language=language)
    words = WORDS[language]
    claire, anna = (open_browser(user, javascript=javascript) for user in (contact, agent))

    number = open_case(claire, words, language, javascript)
    take_and_reply(anna, words, number)
    answer(claire, words, number)
    resolve(anna, words, number)
    accept(claire, words, number)

    mia = open_browser(manager, javascript=javascript)
    assert case_in_csv(mia, number)["subject"] == words["subject"]
    check_what_was_stored(number, words)


def open_case(claire, words, language, javascript):
    """Check first, describe with a wrong organization ID, correct it, review, send. Returns the case's number."""
    claire.goto("/cases/new/")
    assert claire.locator("html").get_attribute("lang") == language
    claire.click("form[action='/cases/new/'] button.btn-primary")
    claire.check("[name=case_type][value=PROBLEM]")
    claire.fill("[name=subject]", words["subject"])
    claire.check("[name=priority_code][value=high]")
    claire.fill("[name=description]", words["description"])
    claire.fill("[name=conversation_ids]", LINK)
    claire.fill("[name=business_impact]", words["impact"])
    claire.fill("[name=organization_id]", WRONG_ID)
    claire.set_input_files("[name=files]", {"name": SHOT.name, "mimeType": SHOT.content_type, "buffer": SHOT.content})
    if javascript:
        expect(claire.locator("#draft-file-list")).to_contain_text(SHOT.name)
    claire.click("button.btn-primary[name=review]")

    wrong = claire.locator("[name=organization_id]")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(claire.locator(f"#{wrong.get_attribute('aria-describedby').split()[-1]}")).not_to_be_empty()
    expect(claire.locator("#errors")).to_be_visible()
    expect(wrong).to_have_value(WRONG_ID)
    expect(claire.locator("[name=subject]")).to_have_value(words["subject"])
    expect(claire.locator("[name=description]")).to_have_value(words["description"])
    expect(claire.locator("[name=conversation_ids]")).to_have_value(LINK)
    expect(claire.locator("[name=priority_code][value=high]")).to_be_checked()
    expect(claire.locator("#draft-file-list")).to_contain_text(SHOT.name)

    claire.fill("[name=organization_id]", "{8A2F1C3E-5B7D-4E90-A1B2-C3D4E5F60718}")
    claire.click("button.btn-primary[name=review]")
    expect(claire.locator("main")).to_contain_text(CONVERSATION)
    claire.click("form[action*='/review/'] button.btn-primary")
    claire.wait_for_url("**/sent/")
    number = claire.url.split("/")[-3]
    expect(claire.locator("h1")).to_contain_text(number)
    return number


def take_and_reply(anna, words, number):
    """The analyst takes the next case, replies, then asks back."""
    anna.goto("/admin/care/queue/")
    expect(anna.locator("main")).to_contain_text(words["subject"])
    anna.click("form[action='/admin/care/take-next/'] button >> nth=0")
    anna.wait_for_url(f"**/admin/care/case/{number}/*")
    form = anna.locator("#care-case-reply form")
    form.locator("[name=text]").fill(words["reply"])
    form.locator("button.btn-primary").click()
    expect(anna.locator("#care-case-timeline")).to_contain_text(words["reply"])
    form.locator("[name=text]").fill(words["question"])
    form.locator("[name=then][value=AWAITING_CUSTOMER]").check()
    form.locator("button.btn-primary").click()
    expect(anna.locator("#care-case-timeline")).to_contain_text(words["question"])
    assert Case.objects.numbered(number).get().status == Case.Status.AWAITING_CUSTOMER


def answer(claire, words, number):
    claire.goto(f"/cases/{number}/")
    expect(claire.locator("#case-move .banner[data-k=warn]")).to_be_visible()
    expect(claire.locator("#case-timeline")).to_contain_text(words["question"])
    claire.fill("#case-reply [name=text]", words["answer"])
    claire.click("#case-reply button.btn-primary")
    expect(claire.locator("#case-timeline")).to_contain_text(words["answer"])
    expect(claire.locator("#case-reply [name=text]")).to_be_empty()
    assert Case.objects.numbered(number).get().status == Case.Status.IN_PROGRESS


def resolve(anna, words, number):
    anna.goto(f"/admin/care/case/{number}/resolution/")
    anna.fill("[name=summary]", words["summary"])
    anna.click("main form button.btn-primary")
    expect(anna.locator("#care-case-timeline")).to_contain_text(words["summary"])


def accept(claire, words, number):
    claire.goto(f"/cases/{number}/")
    expect(claire.locator("#case-move")).to_contain_text(words["summary"])
    claire.click(f"form[action='/cases/{number}/accept/'] button")
    expect(claire.locator(f"form[action='/cases/{number}/reopen/']")).to_be_attached()
    assert Case.objects.numbered(number).get().status == Case.Status.CLOSED


def case_in_csv(mia, number):
    """The case's row of the manager's export."""
    exported = mia.context.request.get("/admin/care/cases.csv")
    assert exported.ok and exported.headers["content-type"].startswith("text/csv")
    rows = csv.DictReader(io.StringIO(exported.body().decode("utf-8-sig")))
    return next(row for row in rows if row["number"] == number)


def check_what_was_stored(number, words):
    case = Case.objects.numbered(number).get()
    assert [str(each.conversation_id) for each in case.conversations.all()] == [CONVERSATION]
    assert Attachment.objects.get(case=case).activity.kind == Activity.Kind.OPENED
    assert case.details.business_impact == words["impact"]
    assert case.clocks.get(kind="FIRST_RESPONSE").state == Clock.State.MET
