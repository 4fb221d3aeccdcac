"""How to sign in to the demonstration: one login per role, and the codes of those who need a second factor."""

from __future__ import annotations

import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt

from tantam.accounts.models import Member
from tantam.accounts.permissions import Role
from tantam.demo.staff import PASSWORD, ROLE_NAMES, SEES, STAFF, first_of


def give_second_factors() -> None:
    """An authenticator for each administrator and privacy officer; secrets are made anew in every database."""
    needing = [person.username for person in STAFF if person.role.needs_second_factor]
    for member in Member.objects.filter(username__in=needing):
        TOTP.activate(member, generate_totp_secret())


def current_code(username: str) -> str | None:
    """The six digits the member's authenticator shows now; None for a member without one."""
    authenticator = Authenticator.objects.filter(
        user__username__iexact=username, type=Authenticator.Type.TOTP
    ).first()
    if authenticator is None:
        return None
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    return str(format_hotp_value(hotp_value(decrypt(authenticator.data["secret"]), counter)))


def table() -> str:
    """One login per role, in Vietnamese, for the terminal."""
    head = ("Vai trò", "Tên đăng nhập", "Thấy gì")
    rows = [head] + [(ROLE_NAMES[role], first_of(role).username, sees) for role, sees in SEES.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    lines = [f"{role:<{widths[0]}}   {username:<{widths[1]}}   {sees}" for role, username, sees in rows]
    lines.insert(1, "─" * max(len(line) for line in lines))
    coded = ", ".join(first_of(role).username for role in Role if role.needs_second_factor)
    return "\n".join(
        [
            f"Mật khẩu chung: {PASSWORD}",
            "",
            *lines,
            "",
            f"Mã xác thực 6 số cho {coded}:  ./tantam manage demo_code TÊN",
        ]
    )
