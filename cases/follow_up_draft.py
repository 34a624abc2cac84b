"""What a follow-up case takes over from the case it follows, as the intake form would have it typed (UX C7 "Closed")."""

from .models import Activity, CaseDetails

OF_CASE = ("case_type", "product_area", "subject", "priority_code", "reachable_name", "reachable_phone")
OF_DETAILS = ("workability", "workaround", *CaseDetails.WORDS)


def answers_to_copy(case):
    """The answers of a case by the names of the intake form's fields; without when it happened, which is asked anew."""
    opened = case.activities.filter(kind=Activity.Kind.OPENED).select_related("text_row").first()
    ids = case.conversations.order_by("pk").values_list("conversation_id", flat=True)
    answers = {
        **{name: getattr(case, name) for name in OF_CASE},
        "description": opened.text_row.text if opened and hasattr(opened, "text_row") else "",
        "conversation_ids": "\n".join(map(str, ids)),
        "organization_id": str(case.organization.organization_id),
    }
    details = CaseDetails.objects.filter(case=case).first()
    answers |= {name: getattr(details, name) for name in OF_DETAILS} if details else {}
    return answers | {"short_name": case.organization.short_name}
