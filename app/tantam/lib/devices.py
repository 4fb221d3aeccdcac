"""What a browser says of itself, in two words a person recognises."""

from __future__ import annotations

from dataclasses import dataclass

# The first mark found wins: nearly every browser also claims to be another one.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("Zalo", "Zalo"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_HAND_HELD = frozenset({"iPhone", "iPad", "Android"})


@dataclass(frozen=True, slots=True)
class Device:
    """Browser and system by name; empty where the text names none we know."""

    browser: str
    system: str

    @property
    def is_hand_held(self) -> bool:
        return self.system in _HAND_HELD

    def __bool__(self) -> bool:
        return bool(self.browser or self.system)

    def __str__(self) -> str:
        return " · ".join(name for name in (self.browser, self.system) if name)


def device_of(user_agent: str) -> Device:
    """The device behind a User-Agent text, which anyone may write as they like: for recognising, never for trust."""
    return Device(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in names if mark in text), "")
