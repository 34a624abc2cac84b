from django.urls import path, register_converter

from .views import case, cases, policy


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
    path("cases/<case_number:number>/", case.case, name="case"),
]
