"""Mails to members on their way to the worker, which talks to the mail server while nobody waits.

A letter may hold a link that lets somebody in, so it is sealed for as long as it lies among the jobs.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.mail import EmailMessage
from procrastinate.contrib.django import app

from tantam.lib.crypto import default_keyring

TASK = "accounts.send_letter"
_SEALED_FOR = b"accounts.letter"


def post(message: EmailMessage) -> None:
    """Have the worker send it, once the current transaction has committed."""
    letter = json.dumps({"subject": message.subject, "body": message.body, "to": message.to})
    sealed = default_keyring().encrypt(letter, context=_SEALED_FOR).hex()
    app.configure_task(TASK, queue="mail").defer(letter=sealed)


def opened(sealed: str) -> EmailMessage:
    """The letter of a job."""
    letter: dict[str, Any] = json.loads(default_keyring().decrypt(bytes.fromhex(sealed), context=_SEALED_FOR))
    return EmailMessage(letter["subject"], letter["body"], to=letter["to"])
