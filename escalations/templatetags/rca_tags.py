"""RCA documents on the pages of cases, for customers and the care team."""

from django import template

from ..permissions import can_answer_requests
from ..rca_promise import documents_of, may_ask_for_rca, promise_for

register = template.Library()


@register.inclusion_tag("escalations/_rca_promise.html")
def rca_promise(page):
    """Whether the case gets an RCA, by when, or why not; and the document once it is there. `page`: a `CasePage`. No query of its own."""
    promise, documents, rca = promise_for(page), documents_of(page.outline), page.rules.rca
    is_contact = page.standing.is_contact
    return {
        "promise": promise,
        "documents": documents,
        "case": page.case,
        "is_staff": page.reader.is_staff,
        "may_answer": can_answer_requests(page.reader, page.case, page.standing),
        "may_ask": is_contact and may_ask_for_rca(promise, documents, rca),
        "may_meet": is_contact and documents.is_delivered and not documents.is_meeting_asked and not documents.meeting_key,
        "may_want_more": is_contact and documents.is_delivered and rca,
    }
