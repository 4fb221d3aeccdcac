"""Invitation links: the token travels in the address, only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

INVITATION_LIFE = timedelta(days=7)
SETUP_LIFE = timedelta(hours=24)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
