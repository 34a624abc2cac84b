"""What the care team types on a case (UX S3–S5). Each form is one action; words and moments are checked here, rights by the action."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms import ActionForm
from cases.models import Case, User
from sla.policies import rules_of
from sla.texts import in_language


class Words(forms.CharField):
    """A text of any length that people read: a reply, a note, a reason."""

    widget = forms.Textarea(attrs={"rows": 6})


class Moment(forms.DateTimeField):
    """A moment in the care user's own time zone, to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "w-m"}, format="%Y-%m-%dT%H:%M")


class CaseForm(ActionForm):
    """A form about one case, shown for one version of it."""

    def __init__(self, data=None, *, case, now, **options):
        options["initial"] = {"version": case.version, **options.get("initial", {})}
        super().__init__(data, **options)
        self.case, self.now = case, now


class ReplyForm(CaseForm):
    """To the customer, in a form of its own: it cannot be mistaken for a note."""

    text = Words(label=_("Your reply"))
    then = forms.ChoiceField(
        label=_("After sending, set the status"),
        required=False,
        choices=[("", _("Leave it as it is")), ("AWAITING_CUSTOMER", _("Awaiting customer"))],
        widget=forms.RadioSelect,
    )


class NoteForm(CaseForm):
    text = Words(label=_("Internal note"), help_text=_("Customers cannot see this."))
