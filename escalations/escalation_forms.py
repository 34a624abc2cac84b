"""What a customer fills in to escalate a case, and to say what they think of the result."""

import re

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case_forms import CaseActionForm
from cases.forms import HiddenNumber, WordsField

from .actions.escalation_requests import RequestWords

LIMIT = 4_000  # characters of each text: concise, for somebody who does not know the case
ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}")


class EscalationForm(CaseActionForm):
    """The request. At a level that is reached by mail the texts leave the portal, so that no mail address may stand in them."""

    description = WordsField(
        label=_("Description of the problem"),
        limit=LIMIT,
        help_text=_("Brief and clear. The first line stands as the statement of the problem."),
    )
    impact = WordsField(
        label=_("Business impact"), limit=LIMIT, help_text=_("What does not work, for whom, and what it costs you.")
    )
    urgency = WordsField(label=_("Urgency rationale"), limit=LIMIT, help_text=_("Why it cannot wait."))

    def __init__(self, *args, leaves_portal=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.leaves_portal = leaves_portal

    def clean(self):
        """Refuse mail addresses where the texts are mailed."""
        answers = super().clean()
        for name in self.words if self.leaves_portal else ():
            if found := ADDRESS.search(answers.get(name, "")):
                self.add_error(name, _t("Leave out the mail address “%(address)s”: it is personal data.") % {"address": found[0]})
        return answers

    @property
    def request(self):
        """What was typed, as the action takes it."""
        return RequestWords(**self.arguments)


class SatisfactionForm(CaseActionForm):
    """Is the result enough? Which escalation it is about stands in the form: another one may have ended since."""

    escalation = HiddenNumber()
    is_satisfied = forms.TypedChoiceField(
        label=_("Is this enough for you?"),
        choices=[("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No, I need more attention"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class ReadForm(CaseActionForm):
    """*I have read it*: up to `seen`."""
