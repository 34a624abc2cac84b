"""The care desk's own pages below /admin/care/; each URL is named after its view."""

from . import case, cases, phone, queue, simulate, sla_report, versions

CASE = "case/<str:number>/"
PAGES = [
    ("queue/", queue.care_queue),
    ("take-next/", queue.care_take_next),
    (CASE, case.care_case),
    (f"{CASE}updates/", case.care_case_updates),
    (f"{CASE}clocks/", case.care_case_clocks),
    (f"{CASE}reply/", case.care_reply),
    (f"{CASE}note/", case.care_note),
    (f"{CASE}call/", case.care_call),
    (f"{CASE}redact/<int:key>/", case.care_redact),
    (f"{CASE}assign/", case.care_assign),
    (f"{CASE}severity/", case.care_severity),
    (f"{CASE}priority/", case.care_priority),
    (f"{CASE}scope/", case.care_scope),
    (f"{CASE}status/", case.care_status),
    (f"{CASE}third-party/", case.care_third_party),
    (f"{CASE}promise/", case.care_promise),
    (f"{CASE}restored/", case.care_restored),
    (f"{CASE}resolution/", case.care_resolution),
    (f"{CASE}close/", case.care_close),
    (f"{CASE}reopen/", case.care_reopen),
    ("phone/", phone.care_phone),
    ("phone/<int:key>/", phone.care_phone_case),
    ("publish/<slug:kind>/<int:key>/", versions.care_publish),
    ("publish/<slug:kind>/<int:key>/move/", versions.care_move),
    ("publish/<slug:kind>/<int:key>.csv", versions.care_publish_csv),
    ("sla/", sla_report.care_sla),
    ("clocks.csv", sla_report.care_clocks_csv),
    ("simulate/", simulate.care_simulate),
    ("simulate.csv", simulate.care_simulate_csv),
    ("cases/", cases.care_cases),
    ("cases.csv", cases.care_cases_csv),
]
