"""The mails to subscribers of the status page: what each carries, and nothing else. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberMail:
    """To an address that asked for the status page's updates: no name, no case. One POST to `end_url` ends them (RFC 8058)."""

    frame: ClassVar[str] = "subscriber_frame"
    thread: ClassVar[str] = "status"

    url: str
    end_url: str

    @property
    def headers(self):
        return {"List-Unsubscribe": f"<{self.end_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusConfirmation(SubscriberMail):
    """`url`: the page whose button confirms the address."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate(SubscriberMail):
    """A public word on an incident. It is public and is not changed afterwards, so it is kept in the outbox."""

    number: str
    title: str
    state: str
    words: str
    words_language: str
    next_update_at: datetime | None = None

    @property
    def thread(self):
        """What mail programs show together."""
        return f"incident-{self.number.lower()}"
