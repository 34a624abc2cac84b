"""How many cases there are of a kind, counted up to a limit, all in one question: a count must not grow with the table (SPEED)."""

from django.db.models import IntegerField, Subquery

from cases.models import User

LIMIT = 100  # more are told as "99+"


class CappedCount(Subquery):
    """The number of rows of a queryset, at most `LIMIT`."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    output_field = IntegerField()


def count_together(user, **querysets):
    """Count each queryset up to `LIMIT` in one statement. Returns a dict of the same names; `user` is only the row asked from."""
    counts = {f"count_{name}": CappedCount(rows.order_by().values("pk")[:LIMIT]) for name, rows in querysets.items()}
    asked = User.objects.filter(pk=user.pk).values_list(*counts.values())
    return {name: number or 0 for name, number in zip(querysets, asked.get(), strict=True)}  # None: of `none()`


def count_words(number):
    """ "12", or "99+" where counting stopped."""
    return f"{LIMIT - 1}+" if number >= LIMIT else str(number)
