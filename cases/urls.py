from django.urls import path, register_converter

from .views import attachments, case, case_actions, cases, drafts, intake, policy, urgency


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
    path("cases/<case_number:number>/clocks/explained/", case.case_explanation, name="case_explanation"),
    path("cases/<case_number:number>/reply/", case_actions.case_reply, name="case_reply"),
    path("cases/<case_number:number>/accept/", case_actions.case_accept, name="case_accept"),
    path("cases/<case_number:number>/reject/", case_actions.case_reject, name="case_reject"),
    path("cases/<case_number:number>/close/", case_actions.case_close, name="case_close"),
    path("cases/<case_number:number>/reopen/", case_actions.case_reopen, name="case_reopen"),
    path("cases/<case_number:number>/keep-open/", case_actions.case_keep_open, name="case_keep_open"),
    path("cases/<case_number:number>/follow-up/", case_actions.case_follow_up, name="case_follow_up"),
    path("cases/<case_number:number>/priority/", urgency.case_priority, name="case_priority"),
    path("cases/<case_number:number>/severity/", urgency.case_contest, name="case_contest"),
    path("drafts/<str:code>/", drafts.draft_save, name="draft_save"),
    path("drafts/<str:code>/files/", drafts.draft_files, name="draft_files"),
    path("drafts/<str:code>/files/<int:pk>/remove/", drafts.draft_file_remove, name="draft_file_remove"),
    path("drafts/<str:code>/discard/", drafts.draft_discard, name="draft_discard"),
    path("attachments/<int:pk>/<str:name>", attachments.attachment, name="attachment"),
]
