"""A large world for the benchmarks: many cases with timelines and clocks, written by SQL in minutes (PostgreSQL only).

    DATABASE_URL=postgres://postgres@127.0.0.1/bench python -m tests.benchmarks.million [--cases 1000000]

makes the schema, loads packs and groups, and fills an empty database. The shapes are those that the real actions write; sizes are SPEED's.
"""

import argparse
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from cases.models import Membership, Organization, SupportRegion, User  # noqa: E402
from sla.models import CalendarVersion, PolicyVersion  # noqa: E402

OPEN_SHARE = 0.03  # of a portal that has run for years
MOST_ORGANIZATIONS, MOST_AGENTS = 500, 100
LEAST_OPEN = 300  # also in a small world, so that its pages hold as many rows as those of the large one

CASES = """
INSERT INTO cases_case (id, organization_id, opened_by_id, owner_id, case_type, channel, product_area, subject, language, status, severity_rank,
    urgency_rank, priority_code, scope, is_impact_significant, is_escalated, is_alarm_due, closes_with_rca, is_paused, next_due_at, opened_at, closed_at,
    latest_activity_at, version,
    policy_version_id, calendar_version_id, time_zone, country, plan, reachable_name, reachable_phone)
SELECT n, %(first_organization)s + n %% %(organizations)s, %(first_contact)s + n %% %(organizations)s,
    CASE WHEN dice %% 7 = 0 THEN NULL ELSE %(first_agent)s + dice %% %(agents)s END,
    'PROBLEM', 'PORTAL', 'Telephony',
    replace(replace((%(subjects)s::text[])[1 + dice %% 40], '#', (dice / 40 %% 90)::text), '*', n::text),
    (ARRAY['en', 'fr', 'ja', 'ru'])[1 + dice %% 4],
    CASE WHEN closed THEN 'CLOSED' ELSE (ARRAY['NEW', 'IN_PROGRESS', 'AWAITING_CUSTOMER', 'RESOLUTION_PROPOSED'])[1 + dice / 3 %% 4] END,
    rank, rank, (ARRAY['critical', 'high', 'medium', 'low'])[rank], 'UNKNOWN', false, dice %% 50 = 0, false, false, is_paused,
    CASE WHEN closed OR is_paused THEN NULL ELSE now() + (dice / 7 %% 5000 - 1250) * interval '1 minute' END,
    opened, CASE WHEN closed THEN opened + interval '3 days' END, opened + interval '2 days', 4,
    %(policy_version)s, %(calendar_version)s, 'Europe/Paris', 'FR', '', '', ''
FROM (SELECT n, abs(hashint4(n)) AS dice, 1 + abs(hashint4(-n)) %% 4 AS rank, abs(hashint4(n)) %% 5 = 0 AS is_paused,
          (n::bigint * 7919) %% 10000 >= %(open)s AS closed, now() - (%(cases)s - n) * interval '2 minutes' AS opened
      FROM generate_series(1, %(cases)s) AS n) AS numbered
"""
THINGS = {
    "en": ("Calls", "Chats", "Recordings", "Reports", "Queues", "Bots", "Webhooks", "Exports", "Sign-ins", "Dashboards"),
    "fr": (
        "Appels",
        "Conversations",
        "Enregistrements",
        "Rapports",
        "Files",
        "Robots",
        "Requêtes",
        "Exportations",
        "Connexions",
        "Tableaux",
    ),
    "ja": ("通話", "チャット", "録音", "レポート", "キュー", "ボット", "決済", "エクスポート", "ログイン", "画面"),
    "ru": ("Звонки", "Чаты", "Записи", "Отчёты", "Очереди", "Боты", "Запросы", "Выгрузки", "Входы", "Панели"),
}
TROUBLES = {
    "en": "{} drop after # seconds, report *",
    "fr": "{} : coupure après # secondes, rapport *",
    "ja": "{}の障害が#秒後に発生、報告 *",
    "ru": "{}: сбой через # секунд, сообщение *",
}
SUBJECTS = [
    TROUBLES[language].format(thing)
    for things in zip(*THINGS.values(), strict=True)
    for language, thing in zip(THINGS, things, strict=True)
]
ACTIVITIES = """
INSERT INTO cases_activity (case_id, kind, actor_id, from_customer, channel, visibility, recorded_at, occurred_at, data)
SELECT cases_case.id, kind, CASE WHEN kind = 'REPLY' THEN owner_id ELSE opened_by_id END, kind = 'OPENED', 'PORTAL', 'CUSTOMER',
    opened_at, opened_at, '{"channel": "portal", "severity": 3}'
FROM cases_case, unnest(ARRAY['OPENED', 'ACKNOWLEDGED', 'REPLY']) AS kind
"""
CLOCKS = """
INSERT INTO sla_clock (case_id, kind, target_code, state, pause_cause, started_at, due_at, next_effect, next_effect_at)
SELECT id, 'FIRST_RESPONSE', 'first-response', CASE WHEN status = 'CLOSED' THEN 'MET' ELSE 'RUNNING' END, '', opened_at,
    opened_at + interval '2 hours', CASE WHEN status = 'CLOSED' THEN '' ELSE 'BREACH' END,
    CASE WHEN status = 'CLOSED' THEN NULL ELSE now() + interval '1 day' + id * interval '1 second' END
FROM cases_case
"""
RESET = "SELECT setval(pg_get_serial_sequence('cases_case', 'id'), (SELECT max(id) FROM cases_case))"


def fill(cases):
    """Fill an empty, migrated database with `cases` cases, their timelines and their clocks."""
    size, team = min(MOST_ORGANIZATIONS, cases // 100), min(MOST_AGENTS, 8 + cases // 10_000)
    people = User.objects.bulk_create(_contact(number) for number in range(size))
    agents = User.objects.bulk_create(_agent(number) for number in range(team))
    organizations = Organization.objects.bulk_create(_organization(number) for number in range(size))
    Membership.objects.bulk_create(
        Membership(user=person, organization=organization, role=Membership.Role.PRIMARY)
        for person, organization in zip(people, organizations, strict=True)
    )
    values = {
        "cases": cases,
        "open": max(10_000 * LEAST_OPEN // cases, round(10_000 * OPEN_SHARE)),
        "organizations": size,
        "subjects": SUBJECTS,
        "agents": team,
        "first_organization": organizations[0].pk,
        "first_contact": people[0].pk,
        "first_agent": agents[0].pk,
        "policy_version": PolicyVersion.objects.filter(policy__code="genesys-cloud").latest("number").pk,
        "calendar_version": CalendarVersion.objects.filter(calendar__code="business-hours").latest("number").pk,
    }
    with connection.cursor() as cursor:
        for statement in (CASES, ACTIVITIES, CLOCKS):
            cursor.execute(statement, values if "%(" in statement else None)
        cursor.execute(RESET)
        cursor.execute("ANALYZE")


def _contact(number):
    return User(email=f"contact{number}@org{number}.example", name=f"Contact {number}", password="!", time_zone="Europe/Paris")


def _agent(number):
    return User(
        email=f"agent{number}@care.example", name=f"Agent {number}", password="!", is_staff=True, support_regions=["global"]
    )


def _organization(number):
    region = SupportRegion.US_ONLY if number % 10 == 9 else SupportRegion.GLOBAL
    return Organization(
        name=f"Organization {number}",
        short_name=f"org-{number}",
        country="FR",
        time_zone="Europe/Paris",
        support_region=region,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1_000_000)
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("load_policies", verbosity=0)
    call_command("load_care_groups", verbosity=0)
    fill(arguments.cases)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    print(f"{arguments.cases:,} cases written.")
