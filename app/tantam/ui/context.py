"""`frame`: what the page frames show. Everything is worked out on first use, and what repeats is kept."""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tantam.ui import links, sources
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


@lru_cache(maxsize=512)
def _kept(part: str, permissions: Permissions, language: str) -> SafeString:
    menu: Menu = menu_for(permissions)
    return mark_safe(render_to_string(f"ui/frame/{part}.html", {"menu": menu}).strip())


@lru_cache(maxsize=8)
def _words(language: str) -> SafeString:
    text = json.dumps({key: str(word) for key, word in WORDS.items()}, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003C"))


_MOST_TOPS = 1_000
_tops: dict[Any, str] = {}


@lru_cache(maxsize=1_024)
def _avatar(name: str) -> str:
    return render_to_string("ui/frame/avatar.html", {"name": name}).strip()


def _names_of(sites: list[Any]) -> tuple[tuple[Any, str], ...]:
    return tuple((site.pk, str(site.name)) for site in sites)


def _forget() -> None:
    _url.cache_clear()
    _kept.cache_clear()
    _tops.clear()


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

    def _marked(self, part: str) -> SafeString:
        html = _kept(part, self.permissions, self.language)
        current = self.menu.current(self.request.path)
        if current is None:
            return html
        mark = f'data-place="{current.prefix}"'
        return mark_safe(html.replace(mark, f'{mark} aria-current="page"', 1))

    @property
    def nav(self) -> SafeString:
        return self._marked("nav")

    @property
    def bar(self) -> SafeString:
        return self._marked("bar")

    @property
    def staff_head(self) -> SafeString:
        return _kept("head_staff", NOBODY, "")

    @property
    def top(self) -> SafeString:
        """The bar at the top. Kept per what it depends on; what is this page's own is put in afterwards."""
        key = (
            self.permissions,
            self.language,
            self.theme,
            _names_of(self.sites),
            getattr(self.site, "pk", None),
        )
        html = _tops.get(key)
        if html is None:
            if len(_tops) >= _MOST_TOPS:
                _tops.clear()
            html = _tops[key] = render_to_string("ui/frame/top.html", {"frame": self, "menu": self.menu})
        name = str(getattr(self.member, "full_name", ""))
        own = {
            "%%csrf%%": self.form_token,
            "%%path%%": escape(self.request.get_full_path()),
            "%%name%%": escape(name),
            "%%avatar%%": _avatar(name),
        }
        for mark, text in own.items():
            html = html.replace(mark, text)
        return mark_safe(html)

    @property
    def quick_add(self) -> SafeString:
        return _kept("quick_add", self.permissions, self.language)

    @property
    def palette(self) -> SafeString:
        html = _kept("palette", self.permissions, self.language)
        return mark_safe(html.replace("%%search%%", self.search_url))

    @property
    def words(self) -> SafeString:
        return _words(self.language)

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
