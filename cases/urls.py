from django.urls import path, register_converter

from .views import attachments, case, case_actions, cases, drafts, intake, policy


class CaseNumberConverter:
    """CS-1000042."""

    regex = r"CS-\d{7,15}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(CaseNumberConverter, "case_number")

urlpatterns = [
    path("support-policy/", policy.support_policy, name="support_policy"),
    path("cases/", cases.case_list, name="case_list"),
    path("cases/cases.csv", cases.case_export, name="case_export"),
    path("cases/new/", intake.new_case, name="new_case"),
    path("cases/new/describe/", intake.new_case_describe, name="new_case_describe"),
    path("cases/new/similar/", intake.new_case_similar, name="new_case_similar"),
    path("cases/new/review/", intake.new_case_review, name="new_case_review"),
    path("cases/<case_number:number>/", case.case, name="case"),
    path("cases/<case_number:number>/sent/", intake.case_sent, name="case_sent"),
    path("cases/<case_number:number>/updates/", case.case_updates, name="case_updates"),
    path("cases/<case_number:number>/clocks/", case.case_clocks, name="case_clocks"),
from .views import attachments, case, case_actions, cases, drafts, intake, policy
]
