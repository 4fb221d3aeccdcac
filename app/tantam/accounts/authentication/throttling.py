"""How often a password may be guessed: by account and address, and on a known device by that device alone."""

from __future__ import annotations

from typing import Any

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest

from tantam.accounts.authentication.known_devices import known_device
from tantam.accounts.authentication.where import address_of
from tantam.accounts.models import Member

RATES = {
    # Ten guesses at one account from strange devices; a whole clinic mistypes less than a hundred times.
    "strange": "100/10m/ip,10/15m/key",
    "known": "10/10m/key",
}
NOTED_EVERY = 600


def member_named(credentials: dict[str, Any]) -> Member | None:
    """Whose account is meant: by user name or email, whatever its case."""
    typed = str(credentials.get("username") or credentials.get("email") or "")[:254]
    if not typed:
        return None
    named = Q(username__iexact=typed) | Q(email__iexact=typed)
    found: Member | None = Member.objects.filter(named).order_by("pk").first()
    return found


def guess(request: HttpRequest, credentials: dict[str, Any]) -> Any:
    """Count one try at a password; answers its use, to be given back when the password was right, or None: no more."""
    member = member_named(credentials)
    device = known_device(request)
    if member is not None and device.knows(member):
        usage = _count(request, "known", f"{device.key}:{member.pk}")
        if usage is not None:
            return usage
    typed = str(credentials.get("username") or credentials.get("email") or "").lower()[:254]
    return _count(request, "strange", f"member:{member.pk}" if member is not None else f"typed:{typed}")


def is_first_in_a_while(request: HttpRequest, what: str) -> bool:
    """Whether this is to be written down: what is refused again and again is written once in ten minutes."""
    return bool(cache.add(f"noted:{what}:{address_of(request)}", 1, NOTED_EVERY))


def _count(request: HttpRequest, action: str, key: str) -> Any:
    return ratelimit.consume(
        request, app="allauth.account", action=action, config=RATES, key=key, limit_get=True
    )
