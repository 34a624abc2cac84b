"""Which entries of a long timeline are shown: the first, and the latest, or the ones before a given one (UX C7, SPEED G4). Pure."""

from dataclasses import dataclass

WHOLE = 15  # as many are shown without a gap
LATEST = 10
EARLIER = 50  # shown at once when paging back


@dataclass(frozen=True, slots=True)
class Window:
    """Keys of the shown entries in order. `first` stands apart where entries between it and `keys` are left out."""

    first: int | None
    keys: list[int]
    earlier: int  # left out between the first and the rest
    later: int  # left out after the rest

    @property
    def all_keys(self):
        return [*([self.first] if self.first else []), *self.keys]


def window_of(keys, *, before=None):
    """The part of `keys` (in order) to show; with `before`, those that precede this key."""
    if before is None and len(keys) <= WHOLE:
        return Window(None, keys, 0, 0)
    preceding = keys if before is None else [key for key in keys if key < before]
    shown = preceding[1:][-(LATEST if before is None else EARLIER) :]
    return Window(
        first=preceding[0] if preceding else None,
        keys=shown,
        earlier=max(0, len(preceding) - 1 - len(shown)),
        later=len(keys) - len(preceding),
    )
