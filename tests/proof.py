"""What a session has proved, for tests that sign in without the form."""

from __future__ import annotations

import time
from typing import Any

from django.test import Client

from tantam.accounts.models import Member


def prove(session: Any, member: Member) -> None:
    """Let the session have given the password and the second step just now; the caller saves it."""
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "type": "totp", "at": time.time()},
    ]
    session["account_authentication_methods_user"] = str(member.pk)


def sign_in(client: Client, member: Member) -> Client:
    """Sign the member in as by the form just now, the second step given."""
    client.force_login(member)
    session = client.session
    prove(session, member)
    session.save()
    return client
