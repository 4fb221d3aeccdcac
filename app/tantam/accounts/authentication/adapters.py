from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

_SECRETS = b"accounts.authenticator"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Members are invited; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticators are encrypted with the installation's field key."""

    def encrypt(self, text: str) -> str:
        from tantam.lib.crypto import default_keyring

        return default_keyring().encrypt(text, context=_SECRETS).hex()

    def decrypt(self, encrypted_text: str) -> str:
        from tantam.lib.crypto import default_keyring

        return default_keyring().decrypt(bytes.fromhex(encrypted_text), context=_SECRETS)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The last second step of an administrator or privacy officer stays until there is another."""
        if not authenticator.user.needs_second_factor:
            return True
        kinds = (authenticator.Type.TOTP, authenticator.Type.WEBAUTHN)
        others = authenticator.user.authenticator_set.filter(type__in=kinds).exclude(pk=authenticator.pk)
        return authenticator.type not in kinds or bool(others.exists())

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        entity["name"] = "Tận Tâm"
        return entity
