"""How far somebody has read a case (SPEC 6: an escalation asks whether the latest update was read)."""

from ..models import CaseRead


def mark_read(case, *, by, key, now):
    """Note that this person has read the case up to the activity `key`; never less than before. Any number of pages may do it at once.

    One statement where `case.read_key` says what was read before (`with_reading`), two else.
    """
    reading = CaseRead.objects.filter(case=case, user=by, activity_key__lt=key)
    is_first = getattr(case, "read_key", 0) is None
    if is_first or not reading.update(activity_key=key, read_at=now):
        CaseRead.objects.bulk_create([CaseRead(case=case, user=by, activity_key=key, read_at=now)], ignore_conflicts=True)
