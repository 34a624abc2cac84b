"""Mail servers for tests: one that accepts, one that refuses, one under which the sender is killed."""

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend

Accepting = EmailBackend


class Refusing(BaseEmailBackend):
    """Refuses everything that is addressed to "refused@…", accepts the rest."""

    def send_messages(self, messages):
        for message in messages:
            if message.to[0].startswith("refused@"):
                raise ConnectionRefusedError("The mail server does not answer.")
        return Accepting().send_messages(messages)


class Down(BaseEmailBackend):
    """Does not even let itself be called."""

    def open(self):
        raise ConnectionRefusedError("The mail server does not answer.")


class Killed(BaseException):
    """What a worker that is shut down in the middle of its work leaves: no handler runs."""


class Killing(BaseEmailBackend):
    def send_messages(self, messages):
        raise Killed
