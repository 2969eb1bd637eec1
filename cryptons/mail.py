"""E-mail on a machine that has no mail server."""

import sys
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.filebased import EmailBackend as FileBackend


class EmbeddedBackend(BaseEmailBackend):
    """Keeps each message as a file under `EMAIL_FILE_PATH` and names it on the console with its text."""

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self._files = FileBackend(fail_silently=fail_silently)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write `email_messages` to their files, print their texts, and return how many there were."""
        for message in email_messages:
            console = f"--- e-mail to {', '.join(message.to)}: {message.subject}\n{message.body}\n---\n"
            sys.stdout.write(console)
        sys.stdout.flush()
        return int(self._files.send_messages(email_messages) or 0)
