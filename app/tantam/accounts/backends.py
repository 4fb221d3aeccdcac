from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from tantam.accounts.models import Member


class MemberBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in by user name or email (allauth), and the member with all roles in one query per request."""

    def get_user(self, user_id: Any) -> Member | None:
        found: Member | None = Member.objects.with_grants().active().filter(pk=user_id).first()
        return found

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active)
