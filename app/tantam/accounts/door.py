"""The one door: a request is let in by this middleware and the permission its view declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tantam.accounts.authentication.proving import (
    ask_again,
    gave_second_factor,
    has_second_factor,
    proved_lately,
    second_factor_address,
)
from tantam.accounts.authentication.watching import has_idled, leave, note_refused, note_seen
from tantam.accounts.models import NOWHERE, Member
from tantam.accounts.permissions import Permission
from tantam.facility.models import Site
from tantam.facility.queries import organisation, sites_by_id
from tantam.journal.live import ticket_for
from tantam.lib.errors import NotVisible, Refusal
from tantam.lib.uploads import limit_of
from tantam.ui import sizes
from tantam.ui.busy import busy, is_busy
from tantam.ui.toasts import toast

View = TypeVar("View", bound=Callable[..., Any])
Confirms = Literal["", "changes", "always"]

_LONGEST_WAY_BACK = 2_000
_METHODS_THAT_READ = frozenset({"GET", "HEAD", "OPTIONS"})
_FRONT = "/front/sender"
_UTF8 = frozenset({"", "utf-8", "utf8"})
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "serial", "usb",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Door:
    """What a view asks of who comes in. Any one of `permissions`, at the current site, is enough."""

    permissions: frozenset[str] = field(default_factory=frozenset)
    is_public: bool = False
    anywhere: bool = False
    everywhere: bool = False
    confirms: Confirms = ""
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


def requires(
    *permissions: Permission, anywhere: bool = False, everywhere: bool = False, confirms: Confirms = ""
) -> Callable[[View], View]:
    """Let in members who hold any of the permissions at their current site (or `anywhere`).

    `everywhere`: only who holds it at every site in use, for what all sites share. `confirms`: ask for the password
    again when it was not given for a quarter of an hour, before `changes` are taken, or `always`.
    """

    def mark(view: View) -> View:
        names = frozenset(str(permission) for permission in permissions)
        return _marked(view, Door(names, anywhere=anywhere, everywhere=everywhere, confirms=confirms))

    return mark


def public(view: View) -> View:
    """Let everyone in: the page shows nothing that is anyone's."""
    return _marked(view, PUBLIC)


def signed_in(view: View) -> View:
    """Let in every active member, whatever their roles."""
    return _marked(view, SIGNED_IN)


def confirmed(view: View) -> View:
    """Let in every active member; ask for the password again before a change, as `requires(confirms="changes")`."""
    return _marked(view, Door(anywhere=True, confirms="changes"))


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
# Where someone who needs a second factor may go before having set one up, or before giving it in this session.
_SETTING_UP = ("mfa_", "account_", "accounts:preferences")
_GIVING = ("mfa_reauthenticate", "account_logout", "accounts:preferences")


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
        if (
            request.content_params is not None
            and request.content_params.get("charset", "").lower() not in _UTF8
        ):
            # Before anything reads the form: Django would read it, and the address, as the sender says.
            return HttpResponse("UTF-8 only", status=415, content_type="text/plain")
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if language not in dict(settings.LANGUAGES):
            language = (
                translation.get_language_from_request(request) if not language else settings.LANGUAGE_CODE
            )
        translation.activate(language)
        response = _refuse_body(request) or self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if "Cache-Control" not in response.headers and not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        translation.deactivate()
        timezone.deactivate()
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        door = door_of(view, name)
        if door is None:
            raise ImproperlyConfigured(f"{view!r} has no door: mark it with @requires, @signed_in or @public")
        if door.is_closed:
            raise Http404
        member = request.user
        if isinstance(member, Member):
            if has_idled(request, member):
                leave(request, member)
                return None if door.is_public else _ask_to_sign_in(request)
            _let_in(cast(StaffRequest, request), member)
        if door.is_public:
            return None
        if not isinstance(member, Member):
            return _ask_to_sign_in(request)
        if member.needs_second_factor and not _has_second_factor(request, member, name):
            return _ask_for_second_factor(request, member)
        if not _may_enter(door, member, cast(StaffRequest, request)):
            note_refused(request, member, "forbidden")
            raise PermissionDenied
        if door.confirms and not proved_lately(request, member):
            return _ask_to_confirm(request, member, door)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        # The same answer for a row that is absent and one that is not this member's to see. Nothing else is
        # answered so: a `DoesNotExist` that gets this far is a mistake of ours, and has to be seen as one.
        if isinstance(error, NotVisible):
            if isinstance(request.user, Member):
                note_refused(request, request.user, "not-visible")
            return render(request, "404.html", status=404)
        if isinstance(error, Refusal):
            return _say(request, error)
        if is_busy(error):
            return busy(request)
        return None


def _refuse_body(request: HttpRequest) -> HttpResponse | None:
    """Before anything reads what was sent, the token of the form included: more than the page takes is refused, and
    of a stranger nothing larger than a small form is received."""
    length = sizes.told_length(request)
    if length > limit_of(request.path):
        return sizes.too_large(request)
    if length > settings.STRANGERS_BODY and not isinstance(request.user, Member):
        return _ask_to_sign_in(request)
    return None


def _may_enter(door: Door, member: Member, request: StaffRequest) -> bool:
    if not door.permissions:
        return True
    if door.everywhere:
        return any(member.may_everywhere(permission) for permission in door.permissions)
    held = frozenset().union(*member.permissions_by_site.values()) if door.anywhere else request.permissions
    return bool(door.permissions & held)


def _ask_to_confirm(request: HttpRequest, member: Member, door: Door) -> HttpResponse | None:
    if request.method == "POST":
        return ask_again(request, member)
    if request.method not in _METHODS_THAT_READ:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if door.confirms == "always":
        asked = request.get_full_path()
        # An address too long to be sent back to is somebody's experiment; the page itself is enough then.
        back = asked if len(asked) <= _LONGEST_WAY_BACK else request.path
        return redirect_to_login(back, reverse("account_reauthenticate"))
    return None


def _let_in(request: StaffRequest, member: Member) -> None:
    known = sites_by_id()
    request.member = member
    note_seen(request)
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
    """What this session's open pages may listen to: their member's own topics and those of their sites."""
    member = getattr(request, "member", None)
    line = getattr(request.session, "line", None)
    if member is None or line is None:
        return ""
    topics = [f"member:{member.pk}", *(f"site:{site_id}" for site_id in member.permissions_by_site)]
    return ticket_for(topics, member=member.pk, session=line)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # The page stays as it is, with what was typed; the script offers to sign in again beside it.
        return HttpResponse(status=401, headers={"HX-Trigger": "signed-out"})
    return redirect_to_login(_way_back(request), reverse(settings.LOGIN_URL))


def _way_back(request: HttpRequest) -> str:
    """Where to go after signing in: what was asked for, or the page whose form was sent. Forms go to addresses that
    show nothing, and the server in front asks about a large one at an address of its own."""
    if request.method in _METHODS_THAT_READ and request.path != _FRONT:
        return request.get_full_path()
    if not (said := request.headers.get("Referer")) and request.path != _FRONT:
        return request.get_full_path()
    page = urlsplit(said or "")
    if page.netloc != request.get_host() or not page.path.startswith("/") or page.path.startswith("//"):
        return str(settings.LOGIN_REDIRECT_URL)
    return page.path + (f"?{page.query}" if page.query else "")


def _has_second_factor(request: HttpRequest, member: Member, view_name: str) -> bool:
    if gave_second_factor(request, member) or view_name.startswith(_GIVING):
        return True
    return view_name.startswith(_SETTING_UP) and not has_second_factor(member)


def _ask_for_second_factor(request: HttpRequest, member: Member) -> HttpResponse:
    if has_second_factor(member):
        target = f"{second_factor_address(member)}?{urlencode({'next': request.get_full_path()})}"
    else:
        target = reverse("mfa_activate_totp")
        messages.info(
            request, _("Your role needs a second step at sign-in. Set it up now: it takes a minute.")
        )
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


__all__ = [
    "Door",
    "DoorMiddleware",
    "StaffRequest",
    "confirmed",
    "door_of",
    "public",
    "requires",
    "signed_in",
]
