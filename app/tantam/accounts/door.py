"""The one door: a request is let in by this middleware and the permission its view declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from tantam.accounts.authentication.sessions import note_seen
from tantam.accounts.models import NOWHERE, Member
from tantam.accounts.permissions import Permission
from tantam.facility.models import Site
from tantam.facility.queries import organisation, sites_by_id
from tantam.journal.live import ticket_for
from tantam.lib.errors import NotVisible, Refusal
from tantam.ui.toasts import toast

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Door:
    """What a view asks of who comes in. Any one of `permissions`, at the current site, is enough."""

    permissions: frozenset[str] = field(default_factory=frozenset)
    is_public: bool = False
    anywhere: bool = False
    is_closed: bool = False


PUBLIC, SIGNED_IN, CLOSED = Door(is_public=True), Door(anywhere=True), Door(is_closed=True)


class StaffRequest(HttpRequest):
    """A request that passed the door: who, where, and what they may do there."""

    member: Member
    site: Site  # type: ignore[assignment]
    sites: list[Site]
    permissions: frozenset[str]
    htmx: Any


def _marked(view: View, door: Door) -> View:
    setattr(view, "door", door)  # noqa: B010 - a function's own attribute, unknown to its type
    return view


def requires(*permissions: Permission, anywhere: bool = False) -> Callable[[View], View]:
    """Let in members who hold any of the permissions at their current site (or `anywhere`)."""

    def mark(view: View) -> View:
        return _marked(
            view, Door(frozenset(str(permission) for permission in permissions), anywhere=anywhere)
        )

    return mark


def public(view: View) -> View:
    """Let everyone in: the page shows nothing that is anyone's."""
    return _marked(view, PUBLIC)


def signed_in(view: View) -> View:
    """Let in every active member, whatever their roles."""
    return _marked(view, SIGNED_IN)


# Views of libraries cannot carry our mark, so their doors are declared here, by URL name.
LIBRARY_DOORS: dict[str, Door] = {
    # Members are invited, their address is typed by a colleague: nobody signs up or confirms an address here.
    "account_signup": CLOSED,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_confirm_email": CLOSED,
    "account_confirm_login_code": CLOSED,
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_inactive": PUBLIC,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_trust": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "django_static": PUBLIC,
    # The gallery of the interface, which only exists while developing.
    "ui_gallery": PUBLIC,
    "ui_gallery_rows": PUBLIC,
    "ui_gallery_frame": PUBLIC,
}
# Where someone who still has to set up a second factor may go meanwhile.
_SETTING_UP = ("mfa_", "account_", "accounts:preferences")


def door_of(view: Callable[..., Any], url_name: str | None) -> Door | None:
    """The declared door of a view, looking through class-based wrappers; None when there is none."""
    door = getattr(view, "door", None)
    if door is None:
        door = getattr(getattr(view, "view_class", None), "door", None)
    if door is None and url_name is not None and ":" not in url_name:
        door = LIBRARY_DOORS.get(url_name)
    return cast("Door | None", door)


class DoorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if language not in dict(settings.LANGUAGES):
            language = (
                translation.get_language_from_request(request) if not language else settings.LANGUAGE_CODE
            )
        translation.activate(language)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        if "Cache-Control" not in response.headers and not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        translation.deactivate()
        timezone.deactivate()
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        door = door_of(view, match.view_name if match else None)
        if door is None:
            raise ImproperlyConfigured(f"{view!r} has no door: mark it with @requires, @signed_in or @public")
        if door.is_closed:
            raise Http404
        member = request.user
        if isinstance(member, Member):
            _let_in(cast(StaffRequest, request), member)
        if door.is_public:
            return None
        if not isinstance(member, Member):
            return _ask_to_sign_in(request)
        if member.needs_second_factor and not _has_second_factor(
            request, member, match.view_name if match else ""
        ):
            return _ask_for_second_factor(request)
        held = (
            frozenset().union(*member.permissions_by_site.values())
            if door.anywhere
            else cast(StaffRequest, request).permissions
        )
        if door.permissions and not door.permissions & held:
            raise PermissionDenied
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        # The same answer for a row that is absent and one that is not this member's to see.
        # A row somebody else removed a moment ago counts as absent too.
        if isinstance(error, NotVisible | ObjectDoesNotExist):
            return render(request, "404.html", status=404)
        if isinstance(error, Refusal):
            return _say(request, error)
        return None


def _let_in(request: StaffRequest, member: Member) -> None:
    known = sites_by_id()
    request.member = member
    note_seen(request.session.session_key)
    request.sites = [known[site_id] for site_id in member.permissions_by_site if site_id in known]
    here = known.get(member.current_site_id) if member.current_site_id in member.permissions_by_site else None
    if here is None and request.sites:
        here = request.sites[0]
    request.site = cast(Site, here)
    request.permissions = member.permissions_at(here.pk) if here else NOWHERE
    if translation.get_language() != member.language:
        translation.activate(member.language)
    company = organisation()
    timezone.activate(here.zone if here else company.zone if company else timezone.get_default_timezone())


def _say(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal no form has taken: a toast on an open page, else a page that says it and leads back."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        return toast(response, str(refusal), kind="danger")
    return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)


def live_ticket(request: HttpRequest) -> str:
    """What this member's open pages may listen to: their own topics and those of their sites."""
    member = getattr(request, "member", None)
    if member is None:
        return ""
    return ticket_for([f"member:{member.pk}", *(f"site:{site_id}" for site_id in member.permissions_by_site)])


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # The page stays as it is, with what was typed; the script offers to sign in again beside it.
        return HttpResponse(status=401, headers={"HX-Trigger": "signed-out"})
    return redirect_to_login(request.get_full_path(), reverse(settings.LOGIN_URL))


def _has_second_factor(request: HttpRequest, member: Member, view_name: str) -> bool:
    if view_name.startswith(_SETTING_UP):
        return True
    if request.session.get("second_factor") == member.pk:
        return True
    from allauth.mfa.utils import is_mfa_enabled

    if is_mfa_enabled(member):
        request.session["second_factor"] = member.pk
        return True
    return False


def _ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    from django.contrib import messages
    from django.utils.translation import gettext as _

    messages.info(request, _("Your role needs a second step at sign-in. Set it up now: it takes a minute."))
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


__all__ = ["Door", "DoorMiddleware", "StaffRequest", "door_of", "public", "requires", "signed_in"]
