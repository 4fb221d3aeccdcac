from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from config import front

ROOMS = (
    "desk",
    "exchange",
    "care",
    "knowledge",
    "records",
    "privacy",
    "patients",
    "accounts",
    "facility",
    "ui",
)

handler400 = "tantam.ui.sizes.bad_request"

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(f"tantam.{room}.urls")) for room in ROOMS if find_spec(f"tantam.{room}.urls")),
    path("", include("tantam.desk.settings.urls")),
    path("front/sender", front.sender, name="front_sender"),
    path("account/", include("allauth.account.urls")),
    path("account/security/", include("allauth.mfa.urls")),
]
