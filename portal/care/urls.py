"""The care desk's own pages below /admin/care/; each URL is named after its view."""

from . import case, cases, queue

PAGES = [
    ("queue/", queue.care_queue),
    ("take-next/", queue.care_take_next),
    ("case/<str:number>/", case.care_case),
    ("cases/", cases.care_cases),
    ("cases.csv", cases.care_cases_csv),
]
