"""Invitation links: the token travels in the address, only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from tantam.accounts.models import Invitation

INVITATION_LIFE = timedelta(days=7)
SETUP_LIFE = timedelta(hours=24)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def invitation_by_token(token: str, *, lock: bool = False) -> Invitation | None:
    """The open invitation behind a link, or None when it was never made, is used, withdrawn or too old."""
    rows = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects.all()
    invitation = rows.filter(token_hash=hash_of(token)).first()
    return invitation if invitation is not None and invitation.is_open else None
