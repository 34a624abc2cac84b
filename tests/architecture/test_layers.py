"""Imports point down only, views find objects by the visibility query only, and everything stays small (HOUSE rules 1 and 3, Taste)."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ["sla", "cases", "escalations", "portal"]  # each may import itself and what stands before it
PURE = [
    *(
        f"sla/{name}.py"
        for name in (
            "business_time", "calendar_definition", "case_facts", "clock_rules", "events", "explain", "next_effects", "open_intervals",
            "policy_rules", "simulate", "target_rules", "vector_lines", "verdicts",
        )
    ),
    *(
        f"cases/{name}.py"
        for name in ("attachment_rules", "case_mails", "case_status", "clamd", "decision", "escalation_mails", "identifiers", "mails", "problem", "secret_masking", "secret_words", "subscriber_mails", "text_cleaning")
    ),
    "escalations/availability.py",
    "escalations/eligibility.py",
    "escalations/sandbox.py",
    "escalations/escalation_levels.py",
    "escalations/policy_lines.py",
    "escalations/printable.py",
    "escalations/rca_markdown.py",
    "escalations/rca_pdf_process.py",
    "escalations/status_document.py",
    "escalations/status_snapshot.py",
]  # fmt: skip
UPPER_PARTS = {"views", "admin", "forms", "tasks", "management", "urls"}  # of an app: nothing below them may import them
# Readings that begin with the reader: nothing else leads from a view to a row.
SCOPED = {"visible_to", "of_contact", "with_code", "with_token", "possible_owners", "public", "none"}
# Where the care desk reads otherwise: how often, and why nobody sees more than they may.
BEGINS_ELSEWHERE = {
    "portal/care/attention.py": (2, "correlated with organizations that are visible already"),
    "portal/care/callers.py": (2, "members of a visible organization; phones joined to visible organizations"),
    "portal/care/case_page.py": (1, "readers of a visible case"),
    "portal/care/counts.py": (1, "the reader's own row, to hang the counts on"),
    "portal/care/forms.py": (1, "of `possible_owners` of a visible case"),
    "portal/care/incident_forms.py": (2, "components and regions, which the status page shows to everybody"),
    "portal/care/incident_links.py": (1, "links of cases that are visible already"),
    "portal/care/phone.py": (1, "the membership of a draft that its code and region have opened"),
    "portal/care/queue_filter.py": (1, "clocks of cases that are visible already"),
    "portal/care/record_forms.py": (1, "groups, for superusers"),
    "portal/care/records.py": (1, "narrowed to the reader's regions in the next line"),
    "portal/care/rca_forms.py": (1, "colleagues in the care team, who own the actions of all customers"),
    "portal/care/simulate.py": (2, "versions of policies and calendars, which belong to no customer"),
    "portal/care/trail.py": (2, "writes the audit trail"),
    "portal/care/versions.py": (1, "versions of policies and calendars, which belong to no customer"),
}


@cache
def sources(*apps):
    return [path for app in apps for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


@cache
def tree_of(path):
    return ast.parse(path.read_text())


def place(path, node):
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def imported(path):
    """Every module that a file imports, with its node; relative imports are made absolute."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((name.name, node) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module, node
            yield from ((f"{module}.{name.name}", node) for name in node.names)


def functions():
    for path in sources(*APPS):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


@pytest.mark.parametrize("app", APPS)
def test_imports_point_down(app):
    above = set(APPS[APPS.index(app) + 1 :])
    wrong = [
        f"{place(path, node)} imports {module}"
        for path in sources(app)
        for module, node in imported(path)
        if module.split(".")[0] in above
    ]
    assert wrong == []


@pytest.mark.parametrize("app", ["sla", "cases", "escalations"])
def test_lower_parts_of_an_app_do_not_import_its_pages(app):
    wrong = [
        f"{place(path, node)} imports {module}"
        for path in sources(app)
        if not UPPER_PARTS & {part.removesuffix(".py") for part in path.relative_to(ROOT / app).parts}
        for module, node in imported(path)
        if module.startswith(f"{app}.") and module.split(".")[1] in UPPER_PARTS - {"forms"}
    ]
    assert wrong == []


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_import_neither_django_nor_models(name):
    path = ROOT / name
    wrong = [
        f"{place(path, node)} imports {module}"
        for module, node in imported(path)
        if module.split(".")[0] == "django" or "models" in module.split(".")
    ]
    assert wrong == []


def test_no_import_hides_in_a_function():
    wrong = [
        place(path, inner)
        for path, function in functions()
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


def unscoped(path):
    """How often a file reads rows without beginning at the reader."""
    nodes = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)]
    scoped = {id(node.value) for node in nodes if node.attr in SCOPED}
    return sum(node.attr in ("objects", "_default_manager", "_base_manager") and id(node) not in scoped for node in nodes)


def test_views_find_objects_by_the_visibility_query_only():
    """`.objects` in a view is followed by `.visible_to(user)` or another scoped reading; every exception is counted and has its reason."""
    pages = [path for path in sources(*APPS) if {"views", "care"} & set(path.parts)]
    found = {str(path.relative_to(ROOT)): unscoped(path) for path in pages}
    assert {name: number for name, number in found.items() if number} == {
        name: number for name, (number, _reason) in BEGINS_ELSEWHERE.items()
    }


def test_activities_are_written_by_the_timeline_alone():
    wrong = [
        place(path, node)
        for path in sources(*APPS)
        if path != ROOT / "cases" / "timeline.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("create", "bulk_create", "get_or_create")
        and ast.unparse(node.value).endswith("Activity.objects")
    ]
    assert wrong == []


def test_functions_stay_small():
    """HOUSE, Taste: the median function has 8 lines or fewer, nine of ten at most 25, none over 60."""
    sizes = sorted((node.end_lineno - node.lineno + 1, f"{place(path, node)} {node.name}") for path, node in functions())
    assert [where for size, where in sizes if size > 60] == []
    assert sizes[len(sizes) // 2][0] <= 8
    assert sizes[len(sizes) * 9 // 10][0] <= 25


def test_files_stay_small():
    assert [str(path.relative_to(ROOT)) for path in sources(*APPS) if path.read_text().count("\n") > 400] == []


def test_no_room_is_called_utils():
    names = {"utils", "helpers", "common", "services", "managers"}
    assert [str(path) for path in sources(*APPS) if path.stem in names or names & set(path.relative_to(ROOT).parts)] == []
