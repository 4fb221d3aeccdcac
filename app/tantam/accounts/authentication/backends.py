from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from tantam.accounts.models import Member
from tantam.lib.prepared import Prepared

_active = Prepared(lambda member_id: Member.objects.with_grants().active().filter(pk=member_id).order_by())


class MemberBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in by user name or email (allauth), and the member with all roles in one query per request."""

    def get_user(self, user_id: Any) -> Member | None:
        return next(iter(_active(int(user_id))), None)

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active)
