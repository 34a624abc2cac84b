"""The care team's groups and what each may do (SPEC 1). `manage.py load_care_groups` makes Django groups of it."""

ANALYST = "Analyst"
CARE_MANAGER = "Care manager"
INCIDENT_MANAGER = "Incident manager"
TAM = "TAM"
ADMINISTRATOR = "Administrator"

_WORK = {
    "cases": ["view_case", "reply_case", "note_case", "assign_case", "triage_case", "open_case_for_customer"],
    "escalations": ["link_incident", "write_rcadocument"],
}
_APPROVE = {"escalations": ["decide_escalation", "approve_rcadocument", "export_escalation"]}
_DECLARE = {"escalations": ["declare_incident", "approve_rcadocument"]}
_STATUS_PAGE = {
    "escalations": [
        f"{verb}_{noun}"
        for noun in ("component", "region", "maintenance", "oncallperson", "statussubscriber")
        for verb in ("view", "add", "change")
    ]
}
_LOOK = {
    "cases": [
        "view_case",
        "view_activity",
        "view_organization",
        "view_membership",
        "view_agreement",
        "view_user",
        "view_organizationphone",
    ],
    "sla": ["view_calendar", "view_calendarversion", "view_supportpolicy", "view_policyversion", "view_clock"],
    "escalations": ["view_escalation", "view_incident", "view_rcadocument"],
}
_MANAGE = {
    "cases": [
        "export_case",
        "export_organization",
        "export_user",
        "review_case",
        "redact_activity",
        "view_outboxmessage",
        *(
            f"{verb}_{noun}"
            for noun in ("organization", "membership", "agreement", "organizationphone", "user")
            for verb in ("add", "change")
        ),
    ],
    "sla": [
        f"{verb}_{noun}"
        for noun in ("calendar", "calendarversion", "supportpolicy", "policyversion")
        for verb in ("add", "change")
    ]
    + ["publish_policyversion", "report_clock"],
}


def _together(*parts):
    return sorted({f"{app}.{codename}" for part in parts for app, codenames in part.items() for codename in codenames})


GROUPS = {
    ANALYST: _together(_WORK, _LOOK),
    CARE_MANAGER: _together(_WORK, _LOOK, _MANAGE, _APPROVE, _STATUS_PAGE),
    INCIDENT_MANAGER: _together(_WORK, _LOOK, _DECLARE, _STATUS_PAGE),
    TAM: _together(
        {"cases": ["view_case", "reply_case", "note_case"], "escalations": ["decide_escalation"]},
        _LOOK,
    ),
    ADMINISTRATOR: _together(_WORK, _LOOK, _MANAGE, _APPROVE, _DECLARE, _STATUS_PAGE),
}
