"""Reads `url_roles.txt` (what each kind of person gets at each URL), walks the URL resolver, and asks."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.urls import get_resolver
from django.urls.resolvers import RoutePattern, URLResolver

TABLE = Path(__file__).with_name("url_roles.txt")
ROLES = ("signed_out", "stranger", "colleague", "reader", "not_cleared", "analyst", "manager")


@dataclass(frozen=True)
class Row:
    """What the seven kinds of person get: status codes in the order of ROLES, for GET and for POST."""

    route: str
    get: tuple[int, ...]
    post: tuple[int, ...]

    def expected(self, method, role):
        return (self.get if method == "GET" else self.post)[ROLES.index(role)]

    def line(self):
        return f"{self.route:66} {' '.join(map(str, self.get))}   {' '.join(map(str, self.post))}"


def read_table():
    """The rows of `url_roles.txt` by route. Lines that begin with # are remarks."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            route, *codes = line.split()
            if len(codes) != 2 * len(ROLES):
                raise ValueError(f"url_roles.txt: {route} needs {2 * len(ROLES)} codes.")
            numbers = tuple(map(int, codes))
            rows[route] = Row(route, numbers[: len(ROLES)], numbers[len(ROLES) :])
    return rows


def routes(resolver=None, prefix="/"):
    """Every route of the URL resolver, as a string with its converters: "/cases/<number>/reply/"."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + _text(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route


def _text(pattern):
    if isinstance(pattern, RoutePattern):
        return str(pattern)
    return _readable(str(pattern))


def _readable(expression):
    """A regular expression as a route: named groups become <name>, anchors go."""
    named = re.sub(r"\(\?P<(\w+)>(?:[^()\\]|\\.|\[[^\]]*\])*\)", r"<\1>", expression)
    return named.removeprefix("^").removesuffix("$").removesuffix(r"\Z").replace("\\", "")


def address(route, values):
    """The route with its converters filled and its query, if any. `values`: (start of the route, name or "?") -> value, the first that fits."""

    def value_of(name):
        return next((str(value) for (start, key), value in values.items() if key == name and route.startswith(start)), None)

    def fill(match):
        name = match[0].strip("<>").rpartition(":")[2]
        value = value_of(name)
        if value is None:
            raise KeyError(f"What is <{name}> in {route}?")
        return value

    query = value_of("?")
    return re.sub(r"<[^<>]+>", fill, route) + (f"?{query}" if query else "")
