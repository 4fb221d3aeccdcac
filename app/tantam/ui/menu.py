"""What the navigation, the “+” and the command palette hold. Rooms register it from `apps.ready()`."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Permissions = frozenset[str]


class Group(enum.Enum):
    """The groups of the navigation, in the order in which the work of a day meets them."""

    TODAY = "today", _("Today")
    PATIENTS = "patients", _("Patients")
    FRONT_DESK = "front-desk", _("Front desk")
    SCHEDULE = "schedule", _("Schedule")
    CARE = "care", _("Care")
    INBOX = "inbox", _("Inbox")
    QUOTES = "quotes", _("Quotes")
    COMPLAINTS = "complaints", _("Complaints")
    FEEDBACK = "feedback", _("Feedback")
    CAMPAIGNS = "campaigns", _("Campaigns")
    STAFF = "staff", _("Staff")
    REPORTS = "reports", _("Reports")
    SETTINGS = "settings", _("Settings")

    label: Text

    def __new__(cls, value: str, label: Text) -> Group:
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        return member


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A place in the navigation.

    `prefix` is what an address begins with when this place is the current one; without it, the
    place's own address. `key` is pressed after `g`. The first four places with `phone` stand in the
    bar at the bottom of a phone.
    """

    group: Group
    label: Text
    url_name: str
    icon: str
    permission: str | None = None
    order: int = 100
    prefix: str = ""
    key: str = ""
    phone: bool = False


@dataclass(frozen=True, slots=True)
class QuickAdd:
    """Something the “+” begins."""

    label: Text
    url_name: str
    icon: str
    permission: str | None = None
    order: int = 100


@dataclass(frozen=True, slots=True)
class Command:
    """Something only the command palette offers; places and “+” entries are in it anyway."""

    label: Text
    url_name: str
    icon: str
    permission: str | None = None
    order: int = 100


@dataclass(frozen=True, slots=True)
class Search:
    """The search in the top bar: who may use it, and the page that answers `?q=`."""

    url_name: str
    permission: str | None = None


Entry = MenuItem | QuickAdd | Command

_entries: dict[tuple[type[Entry], str, str], Entry] = {}


_search: list[Search] = []


def register(*entries: Entry | Search) -> None:
    """Add places, beginnings and commands; say which search stands in the top bar.

    Registering the same one again replaces it.
    """
    for entry in entries:
        if isinstance(entry, Search):
            _search[:] = [entry]
            continue
        group = entry.group.value if isinstance(entry, MenuItem) else ""
        _entries[(type(entry), group, entry.url_name)] = entry
    forget()


@dataclass(frozen=True, slots=True)
class Place:
    """A registered entry a member may open, with its address."""

    label: Text
    url: str
    icon: str
    prefix: str
    key: str = ""
    phone: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A group of the navigation which has at least one place."""

    group: Group
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """Everything one set of permissions may open."""

    sections: tuple[Section, ...]
    quick_add: tuple[Place, ...]
    commands: tuple[Place, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(place for section in self.sections for place in section.places)

    @property
    def phone_places(self) -> tuple[Place, ...]:
        """At most four, for the bar at the bottom of a phone."""
        places = self.places
        chosen = [place for place in places if place.phone] or list(places)
        return tuple(chosen[:4])

    def current(self, path: str) -> Place | None:
        """The place a path belongs to: the longest prefix wins; `/` is only itself."""
        best: Place | None = None
        for place in self.places:
            fits = path == place.prefix if place.prefix == "/" else path.startswith(place.prefix)
            if fits and (best is None or len(place.prefix) > len(best.prefix)):
                best = place
        return best


def search_for(permissions: Permissions) -> str:
    """The name of the search page, or empty text for members who may not search."""
    if not _search:
        return ""
    search = _search[0]
    return search.url_name if search.permission is None or search.permission in permissions else ""


def menu_for(permissions: Permissions) -> Menu:
    """The menu of everyone who holds exactly these permissions. Kept, so that a page pays for it once."""
    return _menu_for(permissions)


def forget() -> None:
    """Throw kept menus away; registering does it by itself."""
    _menu_for.cache_clear()
    for listener in _listeners:
        listener()


_listeners: list[Any] = []


def on_change(listener: Any) -> None:
    """Be told when the registry changes, to throw away what was made from it."""
    _listeners.append(listener)


def _place(entry: Entry) -> Place | None:
    try:
        url = reverse(entry.url_name)
    except NoReverseMatch:
        return None
    if isinstance(entry, MenuItem):
        return Place(entry.label, url, entry.icon, entry.prefix or url, entry.key, entry.phone)
    return Place(entry.label, url, entry.icon, url)


def _allowed(kind: type[Entry], permissions: Permissions) -> list[Entry]:
    allowed = [
        entry
        for entry in _entries.values()
        if isinstance(entry, kind) and (entry.permission is None or entry.permission in permissions)
    ]
    return sorted(allowed, key=lambda entry: (entry.order, entry.url_name))


@lru_cache(maxsize=256)
def _menu_for(permissions: Permissions) -> Menu:
    items = [entry for entry in _allowed(MenuItem, permissions) if isinstance(entry, MenuItem)]
    sections = []
    for group in Group:
        places = tuple(place for item in items if item.group is group if (place := _place(item)) is not None)
        if places:
            sections.append(Section(group, places))
    return Menu(
        tuple(sections),
        tuple(place for entry in _allowed(QuickAdd, permissions) if (place := _place(entry)) is not None),
        tuple(place for entry in _allowed(Command, permissions) if (place := _place(entry)) is not None),
    )
