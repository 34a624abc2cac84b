"""The mail that asks a policy's management for attention, by the template of its guide (SPEC 6).

It is built from the request and a few facts, never from what was written in the case; the customer sees it before it is sent.
"""

from cases import outbox
from cases.mail_rendering import preview
from cases.mails import ManagementAttention, as_data
from cases.models import OutboxMessage
from cases.text_cleaning import clean_line
from sla.policies import rules_of
from sla.texts import in_language

STATEMENT_LENGTH = 120  # characters of the subject's brief statement


def management_mail(case, request, level):
    """The mail for this request (its `description`, `impact`, `urgency`, cleaned) at a level that is reached by mail."""
    rules, organization = rules_of(case.policy_version), case.organization
    areas = {area.code: in_language(area.name, level.language) for area in rules.product_areas}
    return ManagementAttention(
        organization=organization.name,
        number=case.number,
        statement=brief(request.description),
        place=f"{organization.cloud_region} / {organization.country}",
        description=request.description,
        impact=request.impact,
        urgency=request.urgency,
        product=areas.get(case.product_area) or in_language(rules.name, level.language),
    )


def preview_of(case, request, level):
    """Subject and text exactly as they will be mailed."""
    return preview(management_mail(case, request, level), language=level.language)


def brief(description):
    """The first line of a description, cut at a word where it is long."""
    first = clean_line(description.strip().partition("\n")[0])
    if len(first) <= STATEMENT_LENGTH:
        return first
    return first[:STATEMENT_LENGTH].rpartition(" ")[0] or first[:STATEMENT_LENGTH]


def send_management_mail(escalation, level, *, now):
    """Queue the mail, in the transaction of the request."""
    OutboxMessage.objects.create(
        event=_event(escalation),
        address=level.mail,
        template="management",
        language=level.language,
        time_zone="UTC",
        data=as_data(management_mail(escalation.case, escalation, level)),
        case=escalation.case,
        message_id=outbox.new_message_id(),
        created_at=now,
        next_attempt_at=now,
    )
    outbox.wake_sender()


def forget_management_mail(escalation):
    """Remove what the customer wrote from the mail; where it has not left yet, it does not leave."""
    messages = OutboxMessage.objects.filter(event=_event(escalation))
    outbox.withdraw(messages, "The text was removed.")
    messages.update(data={})


def _event(escalation):
    return f"escalation:{escalation.pk}"
