"""Somebody at a browser without JavaScript: opens pages, reads them, fills in the forms that stand on them.

Buttons and links are named by the words of the sources; what is pressed is what the Vietnamese page says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.test import Client
from django.utils import translation

from tantam.accounts.models import Member
from tests.proof import prove

_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_SILENT = {"script", "style", "template", "svg", "head"}


def said(words: str) -> str:
    """The words of the sources as a Vietnamese page says them."""
    with translation.override("vi"):
        return translation.gettext(words)


@dataclass
class Form:
    """A form as a browser holds it: where it goes, what its fields hold, and its buttons by their words."""

    action: str
    method: str
    key: str = ""
    values: dict[str, list[Any]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: dict[str, dict[str, str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Reads the forms, the links and the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.words: list[str] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._elsewhere: list[tuple[str, dict[str, str], str]] = []
        self._select: tuple[Form, str, bool] | None = None
        self._option: dict[str, str] | None = None
        self._areas: tuple[Form, str] | None = None
        self._said: list[str] = []
        self._pressed: tuple[str, dict[str, str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open.append(tag)
        match tag:
            case "form":
                self._form = Form(has.get("action", ""), has.get("method", "get").lower(), has.get("id", ""))
                self.forms.append(self._form)
            case "input":
                self._input(has)
            case "select" if form := self._form_of(has):
                form.names.add(has.get("name", ""))
                self._select = (form, has.get("name", ""), "multiple" in has)
            case "option" if self._select:
                form, name, is_multiple = self._select
                if "selected" in has or (not is_multiple and name not in form.values):
                    if not is_multiple or "selected" not in has:
                        form.values.pop(name, None)
                    form.values.setdefault(name, []).append(has.get("value", ""))
            case "textarea" if form := self._form_of(has):
                form.names.add(has.get("name", ""))
                self._areas = (form, has.get("name", ""))
                self._said = []
            case "button" | "a":
                self._pressed = (tag, has)
                self._said = []

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open and self._open.pop() != tag:
                pass
        text = " ".join("".join(self._said).split())
        match tag:
            case "form":
                self._form = None
            case "select":
                self._select = None
            case "textarea" if self._areas:
                form, name = self._areas
                form.values[name] = ["".join(self._said).removeprefix("\n")]
                self._areas = None
            case "button" | "a" if self._pressed and self._pressed[0] == tag:
                has = self._pressed[1]
                if tag == "a":
                    self.links.setdefault(text or has.get("aria-label", ""), has.get("href", ""))
                elif has.get("type", "submit") == "submit" and (form := self._form_of(has)):
                    form.buttons.setdefault(text or has.get("aria-label", ""), has)
                self._pressed = None

    def handle_data(self, data: str) -> None:
        if "kbd" not in self._open:
            self._said.append(data)
        if not _SILENT & set(self._open):
            self.words.append(data)

    def _form_of(self, has: dict[str, str]) -> Form | None:
        if key := has.get("form"):
            return next((form for form in self.forms if form.key == key), None)
        return self._form

    def _input(self, has: dict[str, str]) -> None:
        form, name, kind = self._form_of(has), has.get("name", ""), has.get("type", "text")
        if form is None or not name or "disabled" in has:
            return
        form.names.add(name)
        if kind in ("checkbox", "radio"):
            if "checked" in has:
                form.values.setdefault(name, []).append(has.get("value", "on"))
        elif kind not in ("submit", "button", "file", "image"):
            form.values.setdefault(name, []).append(has.get("value", ""))


class Page:
    """One answer: its status, its words, and what can be done on it."""

    def __init__(self, visitor: Visitor, response: Any) -> None:
        self.visitor, self.response = visitor, response
        self.status: int = response.status_code
        self.address: str = response.wsgi_request.get_full_path()
        reader = _Reader()
        kind = response.headers.get("Content-Type", "")
        self.body = b"".join(response.streaming_content) if response.streaming else response.content
        if kind.startswith("text/html"):
            reader.feed(self.body.decode())
        self.forms, self.links = reader.forms, reader.links
        self.words = re.sub(r"\s+", " ", " ".join(reader.words)).strip()

    def __contains__(self, words: str) -> bool:
        return words in self.words or said(words) in self.words

    def at(self, words: str) -> int:
        """Where on the page `words` first stand."""
        return self.words.index(words)

    def __repr__(self) -> str:
        return f"<{self.status} {self.address}: {self.words[:4_000]}>"

    def offers(self, button: str) -> bool:
        """Whether there is a button that says `button`."""
        return any(said(button) in text for form in self.forms for text in form.buttons)

    def follow(self, words: str) -> Page:
        """Press the link that says `words`."""
        found = [href for text, href in self.links.items() if said(words) in text]
        assert found, f"no link says “{words}” on {self!r}"
        return self.visitor.open(urljoin(self.address, found[0]))

    def form(self, button: str) -> Form:
        """The form with the button that says `button`."""
        words = said(button)
        found = [form for form in self.forms if any(words in text for text in form.buttons)]
        assert found, f"no form has the button “{button}” on {self!r}"
        return found[0]

    def press(self, button: str, *, htmx: bool = False, **typed: Any) -> Page:
        """Fill in the form of the button that says `button`, and press it. Unknown fields fail."""
        form = self.form(button)
        pressed = next(has for text, has in form.buttons.items() if said(button) in text)
        unknown = set(typed) - form.names
        assert not unknown, f"the form of “{button}” has no {unknown}, only {sorted(form.names)}"
        values: dict[str, Any] = {**form.values, **typed}
        if name := pressed.get("name"):
            values[name] = pressed.get("value", "")
        if htmx and "csrfmiddlewaretoken" in values:
            # As the script of every page does: the token of now, not the one the page came with.
            values["csrfmiddlewaretoken"] = self.visitor.client.cookies[settings.CSRF_COOKIE_NAME].value
        to = urljoin(self.address, pressed.get("formaction") or form.action)
        return self.visitor.send(form.method, to, values, htmx=htmx)


class Visitor:
    """A browser of its own, signed in as `member` when one is given; a second factor counts as given."""

    def __init__(self, member: Member | None = None) -> None:
        self.client = Client(headers={"accept-language": "vi"}, enforce_csrf_checks=True)
        if member is not None:
            self.client.force_login(member)
            session = self.client.session
            prove(session, member)
            session.save()

    def lose_session(self) -> None:
        """The session ends while a page is open: the night, or another device that signed out everywhere."""
        self.client.session.flush()

    def open(self, path: str, *, htmx: bool = False) -> Page:
        return self.send("get", path, {}, htmx=htmx)

    def send(self, method: str, path: str, values: dict[str, Any], *, htmx: bool = False) -> Page:
        """htmx answers are not followed: where they lead stands in their header."""
        headers = {"HX-Request": "true"} if htmx else {}
        ask = getattr(self.client, method)
        return Page(self, ask(path, values, headers=headers, follow=not htmx))
