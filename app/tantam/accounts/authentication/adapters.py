from __future__ import annotations

from typing import Any, cast

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse

from tantam.accounts.authentication import throttling
from tantam.accounts.authentication.where import where_of

log = structlog.get_logger("tantam.accounts")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Members are invited, nobody signs up; what happens at the sign-in is written down."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the guess before the password is looked at: by known device, else by account and address."""
        self._login_failed_rl_usage = throttling.guess(request, credentials)
        if self._login_failed_rl_usage is None:
            self._note_failure(request, credentials, "too-many")
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._note_failure(request, credentials, "password")

    def _note_failure(self, request: HttpRequest, credentials: dict[str, Any], reason: str) -> None:
        from tantam.accounts.operations.signing_in import note_failed_sign_in

        member = throttling.member_named(credentials)
        if reason == "too-many" and not throttling.is_first_in_a_while(
            request, f"{reason}:{member and member.pk}"
        ):
            return
        note_failed_sign_in(member, reason=reason, where=where_of(request))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        from tantam.accounts.authentication.known_devices import known_device, remember
        from tantam.accounts.operations.signing_in import note_sign_in

        response: HttpResponse = super().post_login(request, user, **kwargs)
        note_sign_in(
            user,
            methods={str(record["method"]) for record in get_authentication_records(request, user)},
            where=where_of(request),
            known_device=known_device(request).knows(user),
            actor=user,
        )
        remember(request, response, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        from tantam.accounts.authentication.ending import forget_key
        from tantam.accounts.models import Member
        from tantam.accounts.operations.signing_in import note_sign_out

        member, key = request.user, request.session.session_key
        if isinstance(member, Member):
            note_sign_out(member, reason="asked", where=where_of(request), actor=member)
        super().logout(request)
        forget_key(key)

    def set_password(self, user: Any, password: str) -> None:
        from tantam.accounts.operations.signing_in import change_password

        change_password(user, password=password, where=where_of(self.request), actor=user)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        from tantam.accounts.operations.signing_in import note_reset_asked

        is_mailed = self._mailed("account/email/password_reset_key", email, context)
        note_reset_asked(user, is_mailed=is_mailed, where=where_of(self.request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        self._mailed(template_prefix, email, context)

    def _mailed(self, template_prefix: str, email: str, context: dict[str, Any]) -> bool:
        """Give a mail to the worker; whether there is a way for it. What somebody asked for is answered alike and
        as quickly: a mail server that is slow, down or was never named must neither break the page nor tell who has
        an account here."""
        from tantam.accounts.authentication.letters import post

        if not settings.MAIL_IS_SET_UP:
            log.warning("mail.not_set_up", template=template_prefix)
            return False
        facts = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        post(self.render_mail(template_prefix, email, facts | context))
        return True


_SECRETS = b"accounts.authenticator"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticators are encrypted with the installation's field key."""

    def encrypt(self, text: str) -> str:
        from tantam.lib.crypto import default_keyring

        return default_keyring().encrypt(text, context=_SECRETS).hex()

    def decrypt(self, encrypted_text: str) -> str:
        from tantam.lib.crypto import default_keyring

        return default_keyring().decrypt(bytes.fromhex(encrypted_text), context=_SECRETS)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The last second step of whoever needs one stays until there is another."""
        if not authenticator.user.needs_second_factor:
            return True
        kinds = (authenticator.Type.TOTP, authenticator.Type.WEBAUTHN)
        others = authenticator.user.authenticator_set.filter(type__in=kinds).exclude(pk=authenticator.pk)
        return authenticator.type not in kinds or bool(others.exists())

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity = cast(dict[str, Any], super().get_public_key_credential_rp_entity())
        entity["name"] = "Tận Tâm"
        return entity
