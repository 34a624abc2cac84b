"""The history of a record in the admin says what a field was before and is now, not only that it changed (SAFETY 11)."""

from difflib import unified_diff

MOST_LINES = 200  # of one field, in one entry of the history


class TellsChanges:
    """For a ModelAdmin: each changed field is told with its label and both values."""

    def construct_change_message(self, request, form, formsets, add=False):
        message = super().construct_change_message(request, form, formsets, add)
        for part in message:
            if "name" not in part.get("changed", {"name": ""}):
                part["changed"]["fields"] = [before_and_after(form, name) for name in form.changed_data]
        return message


def before_and_after(form, name):
    """ "Time zone: Europe/Paris → Asia/Tokyo"; of a text of several lines those that differ: "− 08:00", "+ 09:00"."""
    before, after = (_plain(value) for value in (form.initial.get(name), form.cleaned_data.get(name)))
    if "\n" in before or "\n" in after:
        return "\n".join([f"{form.fields[name].label}:", *_differing_lines(before, after)])
    return f"{form.fields[name].label}: {before} → {after}"


def _differing_lines(before, after):
    told = list(unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    lines = [line for line in told if not line.startswith("@@")]
    return [*lines[:MOST_LINES], *(["…"] if len(lines) > MOST_LINES else [])]


def _plain(value):
    is_several = hasattr(value, "__iter__") and not isinstance(value, str)
    return ", ".join(str(part) for part in value) if is_several else "" if value is None else str(value)
