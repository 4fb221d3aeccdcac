"""Who is really sitting there: what this session has proved, and asking for the password again."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tantam.accounts.models import Member
from tantam.ui.busy import typed_fields

FIELD = "confirm_password"


def gave_second_factor(request: HttpRequest, member: Member) -> bool:
    """Whether this very session came in by a second step or a passkey: that the member has one does not count."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, member))


def proved_lately(request: HttpRequest, member: Member) -> bool:
    """Whether the password or a second step was given in this session within the last quarter of an hour."""
    moments = [float(record.get("at", 0)) for record in get_authentication_records(request, member)]
    return bool(moments) and time.time() - max(moments) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def has_second_factor(member: Member) -> bool:
    """Whether the member has an authenticator or a passkey at all."""
    return bool(is_mfa_enabled(member, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))


def second_factor_address(member: Member) -> str:
    """The page where this member gives their second step in a session that is already open."""
    methods: list[dict[str, Any]] = get_adapter().get_reauthentication_methods(member)
    return next(
        (str(method["url"]) for method in methods if str(method["id"]).startswith("mfa")),
        reverse("mfa_activate_totp"),
    )


def ask_again(request: HttpRequest, member: Member) -> HttpResponse | None:
    """Ask for the password before what was sent is done; None once it was given.

    What was typed travels through the page in hidden fields, so nothing has to be typed twice but the password.
    """
    error = ""
    if FIELD in request.POST:
        try:
            if get_adapter(request).reauthenticate(member, request.POST[FIELD]):
                record_authentication(request, member, method="password", reauthenticated=True)
                return None
            error = _("That is not your password.")
        except ValidationError as refused:
            error = " ".join(refused.messages)
    context = {"fields": typed_fields(request, but=(FIELD,)), "error": error, "name": FIELD}
    return render(request, "accounts/confirm.html", context, status=422 if error else 200)
