"""The worked examples of shared/vectors, copied to tests/sla/vectors: every boundary is decided there."""

import json
from pathlib import Path

import pytest

from sla.vector_lines import answer_business_time, read_instant

VECTORS = Path(__file__).parent / "vectors"
CALENDARS = json.loads((VECTORS / "calendars.json").read_text())["calendars"]


def vectors(name):
    found = json.loads((VECTORS / name).read_text())["vectors"]
    return [pytest.param(vector, id=f"{vector['id']} {vector['title']}") for vector in found]


def as_instants(value):
    """Instants may be written with any offset: compared as instants."""
    if isinstance(value, dict):
        return {key: as_instants(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_instants(item) for item in value]
    return read_instant(value) if isinstance(value, str) and value.startswith("20") else value


@pytest.mark.parametrize("vector", vectors("arithmetic.json"))
def test_business_time_vector_holds(vector):
    document = {"op": vector["op"], "calendar": CALENDARS[vector["calendar"]], "input": vector["input"]}
    assert as_instants(answer_business_time(document)) == as_instants(vector["expected"])
