"""What no single field of a pack can tell: codes twice, names that do not exist, promises that nobody could keep (ISSUE 3, bad input).

Pure. Each check yields (path of the field, sentence).
"""

from collections.abc import Collection, Iterator

from sla.policy_rules import FIRST_RESPONSE, PolicyRules

Contradiction = tuple[str, str]

_LISTS_WITH_CODES = (
    "severities",
    "priorities",
    "targets",
    "offerings",
    "links",
    "intake",
    "checklist",
    "product_areas",
    "plans",
    "licenses",
)


def contradictions(policy: PolicyRules, *, calendars: Collection[str] | None) -> Iterator[Contradiction]:
    """Every contradiction inside a policy. `calendars`: the codes that exist, or None where that was checked before."""
    if calendars is not None and policy.calendar and policy.calendar not in calendars:
        yield "calendar", f"There is no calendar “{policy.calendar}”. Known: {', '.join(sorted(calendars)) or 'none'}."
    if policy.warn_percent > 100:
        yield "warn percent", "A percentage is at most 100."
    yield from _doubled(policy)
    yield from _severities(policy)
    yield from _priorities(policy)
    yield from _targets(policy)
    yield from _first_response(policy)
    yield from _names(policy)
    yield from _escalation(policy)
    yield from _rca(policy)


def _doubled(policy):
    for name in _LISTS_WITH_CODES:
        seen = set()
        for entry in getattr(policy, name):
            if entry.code and entry.code in seen:
                yield f"{name.replace('_', ' ')}[{entry.code}].code", f"The code “{entry.code}” is written twice."
            seen.add(entry.code)


def _severities(policy):
    ranks = [level.rank for level in policy.severities]
    if sorted(ranks) != list(range(1, len(ranks) + 1)):
        yield "severities", "The ranks of the severities must be 1, 2, 3 … without a gap, each once."
    if not policy.priorities:
        yield "priorities", "A policy needs at least one priority."


def _priorities(policy):
    codes = {priority.code for priority in policy.priorities}
    for priority in policy.priorities:
        if priority.severity_rank is not None:
            yield from _unknown_severities(policy, [priority.severity_rank], f"priorities[{priority.code}].severity")
    for place, change in enumerate(policy.priority_changes, 1):
        for field, code in (("from", change.current), ("to", change.wanted)):
            if code and code not in codes:
                yield f"priority changes[{place}].{field}", f"There is no priority “{code}”."


def _targets(policy):
    for target in policy.targets:
        path = f"targets[{target.code}]"
        yield from _unknown_severities(policy, target.severities, f"{path}.severities")
        for plan in set(target.plans) - {plan.code for plan in policy.plans}:
            yield f"{path}.plans", f"There is no plan “{plan}”."
        if target.duration is None and not target.reason:
            yield f"{path}.reason", "Where there is no target, the reason must be told."
        if target.kind == FIRST_RESPONSE and target.pauses:
            yield f"{path}.pauses", "A first response is never paused."


def _first_response(policy):
    """Never no clock (SPEC 5): some first response target holds for every case, whatever its plan and channel."""
    always = [t for t in policy.targets if t.kind == FIRST_RESPONSE and not (t.plans or t.channels or t.scopes)]
    ranks = [level.rank for level in policy.severities]
    if any(priority.severity_rank is None for priority in policy.priorities):
        ranks.append(None)
    for rank in ranks:
        if not any(not target.severities or rank in target.severities for target in always):
            whom = "a case without severity" if rank is None else f"severity {rank}"
            yield "targets", f"No first response target holds for {whom} whatever the plan and the channel."


def _names(policy):
    licenses = {named.code for named in policy.licenses}
    links = {link.code for link in policy.links}
    for offering in policy.offerings:
        for code in set(offering.licenses) - licenses:
            yield f"offerings[{offering.code}].licenses", f"There is no license “{code}”."
    for item in policy.checklist:
        if item.link and item.link not in links:
            yield f"checklist[{item.code}].link", f"There is no link “{item.link}”."


def _escalation(policy):
    known = set(policy.escalation.criteria)
    for name in policy.escalation.clauses.keys() - known:
        if name and "" not in known:  # a misspelt criterion was told before
            yield "escalation.clauses", f"“{name.replace('_', ' ')}” is not among the criteria."
    for level in policy.escalation.levels:
        if level.code == "MANAGEMENT" and "@" not in level.mail:
            yield "escalation.levels", "The management level needs its mail address."


def _rca(policy):
    if policy.rca is None:
        return
    yield from _unknown_severities(policy, policy.rca.preliminary_severities, "rca.preliminary severities")
    yield from _unknown_severities(policy, policy.rca.isolated_summary_severities, "rca.isolated summary severities")
    code = policy.rca.follow_up_priority
    if code and policy.priority(code) is None:
        yield "rca.follow up priority", f"There is no priority “{code}”."


def _unknown_severities(policy, ranks, path):
    for rank in ranks:
        if policy.severity(rank) is None:
            yield path, f"There is no severity {rank}."
