"""Devices on which a member has signed in before: a signed cookie that names them without naming anyone.

Guessing passwords is slowed down by account and by address. A clinic sits behind one address, and anybody can guess
at a colleague's account; on a device that knows the account neither counts, so a right password always gets in there.
Guesses on that device count by themselves, and too many make it a stranger for a while.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from tantam.accounts.models import Member

AGE = 365 * 24 * 60 * 60
# Colleagues who share a desk share its browser.
MOST_MEMBERS = 40
_SALT = "tantam.device"


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A browser, and the members who have signed in on it, by keyed digests."""

    key: str = ""
    members: tuple[str, ...] = ()

    def knows(self, member: Member) -> bool:
        return bool(self.key) and _digest(member) in self.members


def known_device(request: HttpRequest) -> KnownDevice:
    """What the browser's cookie proves; a device that knows nobody when there is none, or it is forged or too old."""
    try:
        key, members = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=AGE
        )
    except (signing.BadSignature, ValueError, TypeError):
        return KnownDevice()
    return KnownDevice(str(key), tuple(str(member) for member in members))


def remember(request: HttpRequest, response: HttpResponseBase, member: Member) -> None:
    """Let this browser know the member from now on. Only after a complete sign-in."""
    device = known_device(request)
    mine = _digest(member)
    members = [mine, *(each for each in device.members if each != mine)][:MOST_MEMBERS]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([device.key or secrets.token_urlsafe(12), members], salt=_SALT),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _digest(member: Member) -> str:
    return salted_hmac(_SALT, str(member.pk)).hexdigest()[:16]
