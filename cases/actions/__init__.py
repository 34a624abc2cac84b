"""Everything that can be done to a case. One function for each write: atomic, object first, then `by=` and `now=` (HOUSE rule 4)."""

from .automatic import end_silence, give_closing_notice
from .closing import accept_resolution, close_case, keep_open, propose_resolution, reject_resolution, reopen_case
from .documents import deliver_rca, write_case_summary
from .drafting import discard_draft, discard_old_drafts, keep_file, refuse_draft, remove_file, save_draft
from .expectations import change_expectation, review_case
from .follow_up import draft_follow_up, open_follow_up, open_rca_follow_up
from .opening import open_case
from .phone import open_by_phone
from .reading import mark_read
from .scanning import scan_files
from .terms import change_plan, move_case, publish_version
from .triage import (
    assign,
    await_customer,
    await_third_party,
    change_priority,
    change_severity,
    mark_answer_not_adequate,
    mark_restored,
    promise_update,
    resume,
    set_impact,
    set_scope,
    take_next,
    third_party_replied,
)
from .urgency import ask_for_priority, contest_severity, decline_priority, uphold_severity
from .writing import add_internal_note, log_call, redact, reply

__all__ = [
    "accept_resolution",
    "add_internal_note",
    "ask_for_priority",
    "assign",
    "await_customer",
    "await_third_party",
    "change_expectation",
    "change_plan",
    "change_priority",
    "change_severity",
    "close_case",
    "contest_severity",
    "decline_priority",
    "deliver_rca",
    "discard_draft",
    "discard_old_drafts",
    "draft_follow_up",
    "end_silence",
    "give_closing_notice",
    "keep_file",
    "keep_open",
    "log_call",
    "mark_answer_not_adequate",
    "mark_read",
    "mark_restored",
    "move_case",
    "open_by_phone",
    "open_case",
    "open_follow_up",
    "open_rca_follow_up",
    "promise_update",
    "propose_resolution",
    "publish_version",
    "redact",
    "refuse_draft",
    "reject_resolution",
    "remove_file",
    "reopen_case",
    "reply",
    "resume",
    "review_case",
    "scan_files",
    "save_draft",
    "set_impact",
    "set_scope",
    "take_next",
    "third_party_replied",
    "uphold_severity",
    "write_case_summary",
]
