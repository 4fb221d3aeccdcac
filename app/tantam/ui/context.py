"""`frame`: what the page frames show. Everything is worked out on first use, and what repeats is kept."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tantam.lib import names
from tantam.ui import kept, links, sources
from tantam.ui.kept import render_kept
from tantam.ui.menu import Menu, Permissions, menu_for, on_change, search_for

NOBODY: Permissions = frozenset()
THEMES = ("light", "dark", "auto")

WORDS = {
    "close": _("Close"),
    "cancel": _("Cancel"),
    "shortcuts": _("Keyboard shortcuts"),
    "search": _("Search patients"),
    "palette": _("Commands"),
    "go_to": _("Go to"),
    "row_next": _("Next or previous row"),
    "row_open": _("Open the row"),
    "restored": _("What you typed before is back."),
    "discard": _("Discard it"),
    "unsaved": _("Changes on this page are not saved yet."),
    "offline": _("No connection. What you typed is kept; try again in a moment."),
    "online": _("The connection is back."),
    "failed": _("That did not work. Nothing was changed; please try again."),
    "missing": _("This is no longer here, or you may not see it."),
    "forbidden": _("Your role does not allow this."),
    "too_large": _("What was sent is too large. Nothing was changed."),
    "too_many": _("Too many requests. Wait a moment, then try again."),
    "signed_out": _("Your session has ended"),
    "signed_out_text": _("Sign in again in a new tab, then come back: this page stays as you left it."),
    "sign_in": _("Sign in again"),
    "carry_on": _("I have signed in"),
    "copied": _("Copied"),
    "nothing": _("Nothing found"),
    "choose": _("Choose…"),
    "calendar": _("Open the calendar"),
    "show_password": _("Show the password"),
    "hide_password": _("Hide the password"),
    "results": _("%(count)s results"),
    "chart": _("Chart"),
    "saved": _("Saved"),
    "passkey_failed": _("The passkey was not read. Try again, or sign in with your password."),
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor.

    The token of the page's forms comes from here too: Django would mask it anew for the frame and again for
    the page, and one masking costs as much as the rest of the frame.
    """
    shown = Frame(request)
    return {"frame": shown, "csrf_token": SimpleLazyObject(lambda: shown.form_token)}


@lru_cache(maxsize=256)
def _url(name: str, urlconf: Any) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def url_or_nothing(name: str) -> str:
    """The address of a page without arguments, or empty text where it does not exist."""
    return _url(name, get_urlconf())


def _page(name: str) -> str:
    """The address of a page a room above registered, or empty text where no such room is installed."""
    return url_or_nothing(links.registered().get(name, ""))


def _names_of(sites: list[Any]) -> tuple[tuple[Any, str], ...]:
    return tuple((site.pk, str(site.name)) for site in sites)


def _forget() -> None:
    _url.cache_clear()
    kept.forget()


on_change(_forget)


class Frame:
    """One page's frame. Anonymous requests, and requests that never reached the door, have one too."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def member(self) -> Any:
        return getattr(self.request, "member", None)

    @cached_property
    def permissions(self) -> Permissions:
        held = getattr(self.request, "permissions", NOBODY)
        return held if isinstance(held, frozenset) else frozenset(held)

    @cached_property
    def form_token(self) -> str:
        return get_token(self.request)

    @cached_property
    def template(self) -> str:
        """The frame an error page or a shared page stands in."""
        return "ui/staff.html" if self.member is not None else "ui/public.html"

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)

    @cached_property
    def theme(self) -> str:
        theme = str(getattr(self.member, "theme", "") or "auto")
        return theme if theme in THEMES else "auto"

    @cached_property
    def site(self) -> Any:
        return getattr(self.request, "site", None)

    @cached_property
    def sites(self) -> list[Any]:
        return list(getattr(self.request, "sites", None) or ())

    @cached_property
    def organisation_name(self) -> str:
        return sources.ask("organisation_name", self.request)

    @cached_property
    def product_name(self) -> str:
        return str(getattr(settings, "PRODUCT_NAME", "Tận Tâm"))

    @cached_property
    def menu(self) -> Menu:
        return menu_for(self.permissions)

    @property
    def nav(self) -> SafeString:
        return self._places("ui/frame/nav.html")

    @property
    def bar(self) -> SafeString:
        return self._places("ui/frame/bar.html")

    def _places(self, template: str) -> SafeString:
        """A navigation, with the place the page belongs to marked in it."""
        here = self.menu.current(self.request.path)
        return render_kept(
            template,
            lambda: {"menu": self.menu},
            permissions=self.permissions,
            here=here.prefix if here is not None else "",
        )

    @property
    def staff_head(self) -> SafeString:
        return render_kept("ui/frame/head_staff.html")

    @property
    def top(self) -> SafeString:
        """The bar at the top. Kept per what it depends on, with holes for what is this member's and this page's."""
        name = str(getattr(self.member, "full_name", ""))
        return render_kept(
            "ui/frame/top.html",
            lambda: {"frame": self, "menu": self.menu},
            permissions=self.permissions,
            theme=self.theme,
            sites=_names_of(self.sites),
            site=getattr(self.site, "pk", None),
            holes={
                "csrf": self.form_token,
                "path": self.request.get_full_path(),
                "name": name,
                "tint": str(names.tint(name)),
                "initials": names.initials(name),
            },
        )

    @property
    def quick_add(self) -> SafeString:
        return render_kept(
            "ui/frame/quick_add.html", lambda: {"menu": self.menu}, permissions=self.permissions
        )

    @property
    def palette(self) -> SafeString:
        return render_kept(
            "ui/frame/palette.html",
            lambda: {"menu": self.menu, "search_url": self.search_url},
            permissions=self.permissions,
        )

    @property
    def words(self) -> SafeString:
        """The texts the scripts show."""
        return render_kept(
            "ui/frame/words.html", lambda: {"words": {key: str(word) for key, word in WORDS.items()}}
        )

    @property
    def home_url(self) -> str:
        return _page("home") or "/"

    @property
    def search_url(self) -> str:
        name = search_for(self.permissions)
        return url_or_nothing(name) if name else ""

    @property
    def bell_url(self) -> str:
        return _page("bell")

    @property
    def preferences_url(self) -> str:
        return _page("preferences")

    @property
    def language_url(self) -> str:
        """Where the language is chosen: a member's own, or that of this browser before sign-in."""
        return self.preferences_url if self.member is not None else _page("language")

    @property
    def account_url(self) -> str:
        return _page("account")

    @property
    def security_url(self) -> str:
        return url_or_nothing("mfa_index")

    @property
    def password_url(self) -> str:
        return url_or_nothing("account_change_password")

    @property
    def sessions_url(self) -> str:
        return _page("sessions")

    @property
    def sign_in_url(self) -> str:
        return url_or_nothing("account_login")

    @property
    def sign_out_url(self) -> str:
        return url_or_nothing("account_logout")

    @cached_property
    def live_url(self) -> str:
        """Where live updates stream from; empty where the installation has none."""
        address = str(getattr(settings, "LIVE_URL", "") or "")
        return f"{address.rstrip('/')}/live/" if address else ""

    @cached_property
    def live_ticket(self) -> str:
        return sources.ask("live_ticket", self.request) if self.live_url and self.member is not None else ""
