from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tantam.accounts.door import StaffRequest, public, signed_in
from tantam.accounts.operations.preferences import set_preferences
from tantam.lib.addresses import own_path


@signed_in
@require_POST
def preferences(request: StaffRequest) -> HttpResponse:
    """Language, theme, current site; any of them. Values that are not offered are passed over."""
    language = request.POST.get("language")
    theme = request.POST.get("theme")
    here = request.POST.get("site", "")
    sites = {str(site.pk): site for site in request.sites}
    member = set_preferences(
        request.member,
        language=language if language in dict(settings.LANGUAGES) else None,
        theme=theme if theme in ("auto", "light", "dark") else None,
        site=sites.get(here),
        actor=request.member,
    )
    target = own_path(request.POST.get("next", ""), otherwise="/")
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        if language or here:
            response = HttpResponse(status=204, headers={"HX-Refresh": "true"})
    else:
        response = redirect(target)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, member.language, max_age=31_536_000, samesite="Lax")
    return response


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language before anyone is signed in."""
    target = own_path(request.POST.get("next", ""), otherwise="/")
    response = redirect(target)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax")
    return response
