from django.urls import path, register_converter

from .views import affected, escalation_requests, rca, rca_requests, status_page, subscriptions, wake_up


class TextConverter:
    """A part of an address that is passed on as it is."""

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class IncidentNumberConverter(TextConverter):
    """INC-1014."""

    regex = r"INC-\d{4,12}"


class RcaNumberConverter(TextConverter):
    """RCA-1014."""

    regex = r"RCA-\d{4,12}"


class RcaFileConverter(TextConverter):
    """RCA-1014-ja.pdf."""

    regex = r"RCA-\d{4,12}-[a-z]{2}\.pdf"


class TokenConverter(TextConverter):
    """What a mailed link carries."""

    regex = r"[A-Za-z0-9_-]{20,64}"


register_converter(IncidentNumberConverter, "incident_number")
register_converter(RcaNumberConverter, "rca_number")
register_converter(RcaFileConverter, "rca_file")
register_converter(TokenConverter, "token")

urlpatterns = [
    path("status/", status_page.status_page, name="status_page"),
    path("status/status.json", status_page.status_json, name="status_json"),
    path("status/feed.xml", status_page.status_feed, name="status_feed"),
    path("status/<incident_number:number>/", status_page.status_incident, name="status_incident"),
    path("status/subscription/", subscriptions.status_subscription, name="status_subscription"),
    path("status/subscription/sent/", subscriptions.status_subscription_sent, name="status_subscription_sent"),
    path("status/subscription/<token:token>/", subscriptions.status_subscription_confirm, name="status_subscription_confirm"),
    path("status/subscription/<token:token>/end/", subscriptions.status_subscription_end, name="status_subscription_end"),
    path("incidents/<incident_number:number>/affected/", affected.incident_affected, name="incident_affected"),
    path("wake-up/<token:token>/", wake_up.wake_up, name="wake_up"),
    path("cases/<case_number:number>/escalate/", escalation_requests.case_escalate, name="case_escalate"),
    path("cases/<case_number:number>/escalate/read/", escalation_requests.case_escalate_read, name="case_escalate_read"),
    path("cases/<case_number:number>/escalate/remind/", escalation_requests.case_escalate_remind, name="case_escalate_remind"),
    path("cases/<case_number:number>/escalate/answer/", escalation_requests.case_escalate_answer, name="case_escalate_answer"),
    path("rca/", rca.rca_list, name="rca_list"),
    path("rca/<rca_number:number>/", rca.rca, name="rca"),
    path("rca/<rca_number:number>/<rca_file:name>", rca.rca_pdf, name="rca_pdf"),
    path("cases/<case_number:number>/request-rca/", rca_requests.case_rca_request, name="case_rca_request"),
    path("cases/<case_number:number>/meeting/", rca_requests.case_meeting, name="case_meeting"),
    path("cases/<case_number:number>/meeting/<int:key>.ics", rca_requests.case_meeting_file, name="case_meeting_file"),
    path("cases/<case_number:number>/documents/", rca_requests.case_documents, name="case_documents"),
]
