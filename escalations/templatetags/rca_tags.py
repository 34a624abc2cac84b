"""RCA documents on the pages of cases, for customers and the care team."""

from django import template

from ..rca_promise import delivered_document, promise_for

register = template.Library()


@register.inclusion_tag("escalations/_rca_promise.html")
def rca_promise(page):
    """Whether the case gets an RCA, by when, or why not; and the document once it is there. `page`: a `CasePage`. No query of its own."""
    return {"promise": promise_for(page), "document": delivered_document(page.outline), "is_staff": page.reader.is_staff}
