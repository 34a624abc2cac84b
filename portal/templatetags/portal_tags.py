"""The small words of every page: moments, durations, icons, pills, form fields (CONTRACT, "Template tags")."""

from datetime import UTC

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, Field, FileInput, RadioSelect
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext

from cases.file_sizes import size_text
from cases.models import Case
from cases.status_words import status_words
from portal.clock_faces import face_of_case, face_of_clock
from sla import moments, texts
from sla.policies import rules_of

register = template.Library()
register.filter("in_language", texts.in_language)
register.filter("is_fallback", texts.is_fallback)
register.filter("duration", moments.duration_text)
register.filter("moment", moments.moment_text)
register.filter("clock_time", moments.clock_time_text)
register.filter("short_moment", moments.short_moment_text)
register.filter("file_size", size_text)

SEVERITY_LOOKS = {1: ("octagon-alert", "danger", "solid"), 2: ("triangle-alert", "warn", ""), 3: ("diamond", "info", "")}
STATUS_LOOKS = {
    Case.Status.NEW: ("message-square", "info"),
    Case.Status.IN_PROGRESS: ("message-square", "info"),
    Case.Status.AWAITING_CUSTOMER: ("arrow-up", "warn"),
    Case.Status.AWAITING_THIRD_PARTY: ("link", "info"),
    Case.Status.RESOLUTION_PROPOSED: ("circle-check", "ok"),
    Case.Status.CLOSED: ("circle-check", "neutral"),
}
BANNER_LOOKS = {
    "success": ("ok", "circle-check"),
    "warning": ("warn", "triangle-alert"),
    "error": ("danger", "octagon-alert"),
}


def _now(context):
    return context.get("now") or timezone.now()


@register.simple_tag
def icon(name):
    """An icon of the sprite. It never stands without text beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static("icons.svg"), name
    )


@register.simple_tag(takes_context=True)
def when(context, moment, relative=False, short=False):
    """A moment as `<time>`: absolute, with its UTC offset; `relative=True` puts "12 minutes ago" before it (UX 2.4)."""
    absolute = moments.short_moment_text(moment) if short else moments.moment_text(moment)
    ago = moments.relative_text(moment, now=_now(context)) if relative else ""
    text = pgettext("moment", "%(relative)s, %(absolute)s") % {"relative": ago, "absolute": absolute} if ago else absolute
    return format_html('<time datetime="{}">{}</time>', moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), text)


@register.simple_tag(takes_context=True)
def ago(context, moment):
    """ "12 minutes ago", "in 3 hours" alone, where the absolute time stands beside it."""
    return moments.relative_text(moment, now=_now(context))


@register.inclusion_tag("components/_pill.html")
def pill(text, icon="circle", kind="neutral", css_class=""):
    """A pill: icon, words, border and color; never color alone."""
    return {"text": text, "icon": icon, "kind": kind, "css_class": css_class}


@register.inclusion_tag("components/_pill.html")
def severity_pill(case):
    """The case's severity in the words of its policy, or its priority where the policy has no severities (UX 2.2)."""
    shape, kind, css_class = SEVERITY_LOOKS.get(case.urgency_rank, ("circle", "neutral", ""))
    return {"text": severity_words(case), "icon": shape, "kind": kind, "css_class": css_class}


@register.inclusion_tag("components/_pill.html")
def priority_pill(rules, code):
    """A priority of a policy by its name; its look is that of the severity it starts at."""
    codes = [priority.code for priority in rules.priorities]
    priority = rules.priority(code)
    shape, kind, css_class = SEVERITY_LOOKS.get(priority.severity_rank or codes.index(code) + 2, ("circle", "neutral", ""))
    return {"text": texts.in_language(priority.name), "icon": shape, "kind": kind, "css_class": css_class}


def severity_words(case):
    """ "1 – Critical" in the reader's language: the policy's name of the severity, or of the priority where it has no severities."""
    rules = rules_of(case.policy_version)
    level = rules.severity(case.severity_rank) or rules.priority(case.priority_code)
    return texts.in_language(level.name) if level else case.priority_code


@register.inclusion_tag("components/_pill.html", takes_context=True)
def status_pill(context, case):
    """The case's status: customers read who acts next, staff the status name (UX 2.1)."""
    shape, kind = STATUS_LOOKS[Case.Status(case.status)]
    return {
        "text": status_words(case.status, is_staff=context["request"].user.is_staff),
        "icon": shape,
        "kind": kind,
        "css_class": "",
    }


@register.inclusion_tag("components/_clock_pill.html", takes_context=True)
def clock_pill(context, clock):
    """The short form of one `Clock` row."""
    return {"face": face_of_clock(clock, now=_now(context))}


@register.inclusion_tag("components/_clock_pill.html", takes_context=True)
def due_pill(context, case):
    """The short form of a case's most urgent clock, for lists: no query."""
    return {"face": face_of_case(case, now=_now(context))}


@register.filter
def banner_kind(level_tag):
    """Family of colors of a message's level."""
    return BANNER_LOOKS.get(level_tag, ("info", "info"))[0]


@register.filter
def banner_icon(level_tag):
    """Icon of a message's level."""
    return BANNER_LOOKS.get(level_tag, ("info", "info"))[1]


# --- forms -------------------------------------------------------------------------------------------------------------
@register.simple_tag
def field(bound_field):
    """A form field by the house's anatomy: label, hint, error, control (UX §6)."""
    return bound_field.as_field_group()


@register.filter
def control(bound_field):
    """The field's widget with the class of our controls."""
    classes = [bound_field.field.widget.attrs.get("class", ""), "control"]
    return bound_field.as_widget(attrs={"class": " ".join(name for name in classes if name)})


@register.filter
def is_choices(bound_field):
    """True for radios and groups of check boxes."""
    return isinstance(bound_field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def is_checkbox(bound_field):
    """True for a single check box."""
    return isinstance(bound_field.field.widget, CheckboxInput)


@register.filter
def is_file(bound_field):
    """True for a field that takes files."""
    return isinstance(bound_field.field.widget, FileInput)


@register.filter
def choice_hint(bound_field, choice):
    """The hint under one radio or check box: `field.choice_hints[value]`, where the form gives it."""
    return getattr(bound_field.field, "choice_hints", {}).get(choice.data["value"], "")


@register.filter
def named_error(bound_field, error):
    """The error in the summary, away from its field: "This field is required." says there which field it is."""
    if str(error) != str(Field.default_error_messages["required"]):
        return error
    return gettext("%(label)s: %(value)s") % {"label": bound_field.label, "value": error}


@register.filter
def first_control_id(bound_field):
    """The id that a link of the error summary leads to."""
    return bound_field.id_for_label or f"{bound_field.auto_id}_0"
