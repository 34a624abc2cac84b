"""What is wrong with something a person gave us: a code and values. Its sentence is made where the reader is known."""

from __future__ import annotations


class Problem(Exception):
    """One refusal of the pure rules: `code` names it, `params` are the values its sentence needs (lengths, names)."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and (self.code, self.params) == (other.code, other.params)

    def __hash__(self) -> int:
        return hash((self.code, repr(sorted(self.params.items()))))

    def __repr__(self) -> str:
        values = "".join(f", {name}={value!r}" for name, value in self.params.items())
        return f"Problem({self.code!r}{values})"
