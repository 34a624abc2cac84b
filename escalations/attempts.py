"""What falls due is done row by row, and one row that fails holds up no other."""


def attempt(act, log, message, *args):
    """What `act()` returns; None where it raises, which `log` keeps with `message` and its `args`: the next run tries again."""
    try:
        return act()
    except Exception:
        log.exception(message, *args)
        return None
