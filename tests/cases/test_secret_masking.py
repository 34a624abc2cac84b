"""Table tests of the masking of secrets: what is masked and how, what is left alone, and that it ends quickly."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.secret_masking import MARK, Masked, SecretKind, mask

M = MARK * 8
KEY = SecretKind.API_KEY
TOKEN = SecretKind.TOKEN
PASSWORD = SecretKind.PASSWORD
CARD = SecretKind.CARD_NUMBER
PEM = SecretKind.PRIVATE_KEY
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
BLOCK = "-----BEGIN {0}PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75vAq+/x\nAAAA0123==\n-----END {0}PRIVATE KEY-----"

KEYS = [
    ("sk-abcdEFGH1234567890abcdef", f"sk-a{M}cdef", KEY),
    ("sk-proj-abc_DEF-1234567890abcdef", f"sk-p{M}cdef", KEY),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", f"sk_l{M}p7dc", KEY),
    ("AKIAIOSFODNN7EXAMPLE", f"AKIA{M}MPLE", KEY),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", f"ghp_{M}8B4a", KEY),
    ("github_pat_11AAAAAAA0abcdefghijkl_mnopqrstuvwxyz", f"gith{M}wxyz", KEY),
    ("glpat-abcdEFGH1234567890ab", f"glpa{M}90ab", KEY),
    ("xoxb-123456789012-abcdefghijkl", f"xoxb{M}ijkl", TOKEN),
    ("AIzaSyA1234567890abcdefghijklmnopqrstuv", f"AIza{M}stuv", KEY),
    (JWT, f"eyJh{M}sR8U", TOKEN),
    (f"Authorization: Bearer {JWT}", f"Authorization: Bearer eyJh{M}sR8U", TOKEN),
    ("Bearer 0123456789abcdef0123", f"Bearer 0123{M}0123", TOKEN),
    ("authorization: token 9f86d081884c7d659a2f", f"authorization: token 9f86{M}9a2f", TOKEN),
    ("Authorization: Basic Y2xhaXJlOmh1bnRlcjI=", f"Authorization: Basic {M}", PASSWORD),
    ("api_key=abcdefgh", f"api_key={M}", KEY),
    ("api_key = 9f86d081884c7d659a2f, then", f"api_key = 9f86{M}9a2f, then", KEY),
    ("D360-API-KEY: AbCd1234EfGh5678IjKl9012_AK", f"D360-API-KEY: AbCd{M}2_AK", KEY),
    ('"apiKey": "abcdefghij"', f'"apiKey": "{M}"', KEY),
    (
        '{"name": "D360-API-KEY", "value": "AbCd1234EfGh5678IjKl"}',
        f'{{"name": "D360-API-KEY", "value": "AbCd{M}IjKl"}}',
        KEY,
    ),
    ('<add key="ApiKey" value="AbCd1234EfGh5678IjKl" />', f'<add key="ApiKey" value="AbCd{M}IjKl" />', KEY),
    ("<client-secret>abc123DEF</client-secret>", f"<client-secret>{M}</client-secret>", KEY),
    ("client_secret=topsecretvalue&grant_type=x", f"client_secret={M}&grant_type=x", KEY),
    ("client secret: Zx9-Qq7_Rr5", f"client secret: {M}", KEY),
    ("clé API : AbCd1234EfGh5678IjKl", f"clé API : AbCd{M}IjKl", KEY),
    ("APIキー：AbCd1234EfGh5678IjKl", f"APIキー：AbCd{M}IjKl", KEY),
    ("ключ API: AbCd1234EfGh5678IjKl", f"ключ API: AbCd{M}IjKl", KEY),
    ("the api key is AbCd1234EfGh5678IjKl", f"the api key is AbCd{M}IjKl", KEY),
    ("access_token=ya29xAbCd1234EfGh5678IjKl", f"access_token=ya29{M}IjKl", TOKEN),
    (r"{\"access_token\":\"AbCd1234EfGh5678IjKl\",\"n\":1}", rf"{{\"access_token\":\"AbCd{M}IjKl\",\"n\":1}}", TOKEN),
    ("токен: AbCd1234EfGh5678IjKl", f"токен: AbCd{M}IjKl", TOKEN),
    ("トークン：AbCd1234EfGh5678IjKl", f"トークン：AbCd{M}IjKl", TOKEN),
    ("https://x.example/cb?token=AbCd1234EfGh5678IjKl&a=1", f"https://x.example/cb?token=AbCd{M}IjKl&a=1", TOKEN),
]

PASSWORDS = [
    ("password: hunter2", f"password: {M}"),
    ("Password:hunter", f"Password:{M}"),
    ("My password is: hunter", f"My password is: {M}"),
    ("the password is hunter2.", f"the password is {M}"),
    ("login bob password Summer2024! works", f"login bob password {M} works"),
    ("password: hunter2, and user bob", f"password: {M}, and user bob"),
    ('password="correct horse battery"', f'password="{M}"'),
    ("password: <hunter2>", f"password: <{M}>"),
    ("Password:\nhunter2\nThanks", f"Password:\n{M}\nThanks"),
    ("password for acme-eu: Hunter2", f"password for acme-eu: {M}"),
    ("DB_PASSWORD=hunter", f"DB_PASSWORD={M}"),
    ("passwd = hunter; user = bob", f"passwd = {M}; user = bob"),
    ("Server=x;Password=a,b;User Id=bob;", f"Server=x;Password={M};User Id=bob;"),
    ("pwd:hunter", f"pwd:{M}"),
    ("pass: hunter", f"pass: {M}"),
    ("passphrase: openSesame", f"passphrase: {M}"),
    ("<password>hunter2</password><user>bob</user>", f"<password>{M}</password><user>bob</user>"),
    (r'"{\"password\":\"hunter2\",\"user\":\"bob\"}"', rf'"{{\"password\":\"{M}\",\"user\":\"bob\"}}"'),
    ('{"name":"password","value":"hunter2"}', f'{{"name":"password","value":"{M}"}}'),
    ("user=bob&password=hunter2&go=1", f"user=bob&password={M}&go=1"),
    ("mysql --password hunter2 -h db", f"mysql --password {M} -h db"),
    ("curl -u bob:hunter2 https://x.example", f"curl -u bob:{M} https://x.example"),
    ("https://bob:hunter2@db.example/x", f"https://bob:{M}@db.example/x"),
    ("postgres://bob:p%40ss@db:5432/x", f"postgres://bob:{M}@db:5432/x"),
    ("Cookie: sessionid=abc; csrftoken=def", f"Cookie: {M}"),
    ("mot de passe : hunter", f"mot de passe : {M}"),
    ("mot de passe\u00a0: hunter", f"mot de passe\u00a0: {M}"),
    ("Mon mot de passe est Soleil!", f"Mon mot de passe est {M}"),
    ("mdp: azerty", f"mdp: {M}"),
    ("パスワード：hunter2", f"パスワード：{M}"),
    ("パスワード: himitsu、ユーザー：bob", f"パスワード: {M}、ユーザー：bob"),
    ("パスワードは「hunter2」です", f"パスワードは「{M}」です"),
    ("パスワードはhunter2 です", f"パスワードは{M} です"),
    ("暗証番号：1234", f"暗証番号：{M}"),
    ("пароль: hunter2", f"пароль: {M}"),
    ("пароль: секретик", f"пароль: {M}"),
    ("Мой пароль — qwerty123", f"Мой пароль — {M}"),
    ("логин bob, пароль qwerty123", f"логин bob, пароль {M}"),
]

CARDS = [
    ("4111 1111 1111 1111", f"{M}1111"),
    ("4111111111111111", f"{M}1111"),
    ("5555-5555-5555-4444", f"{M}4444"),
    ("3782 822463 10005", f"{M}0005"),
    ("card 2200000000000004!", f"card {M}0004!"),
    ("４１１１１１１１１１１１１１１１", f"{M}１１１１"),
]

CLEAN = [
    "",
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "token=3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "CS-1000042 and CS-1000043",
    "https://apps.mypurecloud.com/directory/#/engage/admin/interactions/3f2504e0-4f89-41d3-9a0c-0305e82c3301?tab=x",
    "https://example.com/reset-password/help?topic=password",
    "mailto:bob@example.com and ftp://files.example.com:2121/x@y",
    "I forgot my password: can you reset it?",
    "Password: required. The password is wrong since Monday 2024-05-01.",
    '{"password": ["This field is required."], "api_key": null, "token": "expired"}',
    "The password field is empty. Password reset: failed.",
    "Admin > Password > Reset",
    "</password><user>bob</user>",
    "Mot de passe : oublié. Votre mot de passe est incorrect.",
    "Le mot de passe est expiré depuis lundi 3",
    "パスワード：忘れました",
    "パスワードは正しいです",
    "Пароль: неверный. Я забыл пароль, что делать?",
    "Basic authentication and bearer tokens are described in the guide",
    "We use the Basic Authentication scheme; Bearer authentication fails.",
    "api_key: invalid; your API key: missing",
    "api_key=<your-api-key> token=${TOKEN}",
    "ключ API: недействительный",
    "token: authentication failed for user",
    "The key: everything else works. Key points: none.",
    "max_tokens: 4096, next_page_token=AbCd1234EfGh",
    "bypass: north, compass: south",
    "sk-etch a risk-assessment-for-2024-and-beyond",
    "order 4111 1111 1111 1112 and phone +33 1 23 45 67 89 00 11",
    "1700000000000000 at 2024-05-01T10:00:00.123456Z",
    "call +4111111111111111",
    "104567890123456 is our WABA",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "Error 500 on POST /v1/messages, trace-id 9f86d081884c7d659a2feaa0c55ad015",
    "Cookie: the banner does not go away",
]


@pytest.mark.parametrize(("text", "masked", "kind"), KEYS)
def test_key_keeps_only_its_ends(text, masked, kind):
    assert mask(text) == Masked(masked, (kind,))


@pytest.mark.parametrize(("text", "masked"), PASSWORDS)
def test_password_leaves_nothing(text, masked):
    assert mask(text) == Masked(masked, (PASSWORD,))


@pytest.mark.parametrize(("text", "masked"), CARDS)
def test_card_number_keeps_its_last_four_digits(text, masked):
    assert mask(text) == Masked(masked, (CARD,))


@pytest.mark.parametrize("text", CLEAN)
def test_ordinary_text_is_left_alone(text):
    assert mask(text) == Masked(text, ())


@pytest.mark.parametrize("maker", ["", "RSA ", "OPENSSH ", "ENCRYPTED "])
def test_private_key_goes_whole(maker):
    assert mask(f"here:\n{BLOCK.format(maker)}\nthanks") == Masked(f"here:\n[PRIVATE KEY {M}]\nthanks", (PEM,))


def test_private_key_in_json_goes_whole():
    text = BLOCK.format("").replace("\n", "\\n")
    assert mask(f'{{"k": "{text}"}}').text == f'{{"k": "[PRIVATE KEY {M}]"}}'


def test_private_key_without_end_goes_as_far_as_it_reaches():
    text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nMIIEpAIBAAKCAQEA75vAq\n\nThe rest was cut"
    assert mask(text) == Masked(f"[PRIVATE KEY {M}]\n\nThe rest was cut", (PEM,))


def test_several_secrets_are_told_once_each_in_order():
    text = "password: a1b2c3\npassword: d4e5f6\napi_key=0123456789abcdef\n4111111111111111"
    assert mask(text).kinds == (KEY, PASSWORD, CARD)


def test_another_mark_can_be_chosen():
    assert mask("password: hunter2", mark="*").text == "password: ********"


EVERYTHING = [*(row[0] for row in KEYS), *(row[0] for row in PASSWORDS), *(row[0] for row in CARDS), BLOCK.format("")]


@pytest.mark.parametrize("mark", ["•", "*"])
@pytest.mark.parametrize("text", EVERYTHING)
def test_masking_twice_changes_nothing(text, mark):
    once = mask(text, mark).text
    assert mask(once, mark) == Masked(once, ())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*EVERYTHING, *CLEAN, " ", "\n", "password: ", "api_key=", "-", "•", "=", '"']), max_size=6))
def test_masking_twice_changes_nothing_in_any_mixture(pieces):
    once = mask("".join(pieces)).text
    assert mask(once).text == once


HOSTILE = {
    "letters": "a" * 1_000_000,
    "digits": "4111 " * 200_000,
    "passwords": "password: " * 100_000,
    "password run": "password:" + "x" * 1_000_000,
    "begins": "-----BEGIN PRIVATE KEY-----" * 37_000,
    "begin headers": "-----BEGIN PRIVATE KEY-----" + "Ab: " * 250_000,
    "schemes": "a://" * 250_000,
    "curl": "curl -u " * 125_000,
    "jwt": "eyJaaaaa" * 125_000,
    "quotes": 'token"' * 160_000,
    "spaces": "password" + " " * 1_000_000,
    "words": "password " + "word " * 200_000,
    "keys": "api_key=" * 125_000,
    "addresses": "token=://" * 110_000,
    "commas": "password=" + ",a" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_hostile_text_is_masked_quickly(name):
    started = time.process_time()
    mask(HOSTILE[name])
    assert time.process_time() - started < 5
