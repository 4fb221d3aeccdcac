"""Short notes in the corner after an htmx answer."""

from __future__ import annotations

import json
from typing import Literal, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase

Kind = Literal["good", "info", "wait", "danger"]
Response = TypeVar("Response", bound=HttpResponseBase)


UNDO = "undo="


def say(request: HttpRequest, text: object, *, undo: str = "") -> None:
    """A toast on the page that comes next. With `undo`, the address that takes the act back, it offers “Undo”."""
    messages.success(request, str(text), extra_tags=f"{UNDO}{undo}" if undo else "")


def toast(response: Response, text: object, *, kind: Kind = "good") -> Response:
    """Put a toast on an htmx answer (header HX-Trigger) and give the answer back.

    Keeps triggers which are already there; several toasts on one answer are shown in order.
    """
    triggers: dict[str, object] = {}
    present = response.headers.get("HX-Trigger", "")
    if present.startswith("{"):
        triggers = json.loads(present)
    elif present:
        triggers = {name.strip(): None for name in present.split(",")}
    shown = triggers.get("toast")
    notes = list(shown["items"]) if isinstance(shown, dict) else []
    notes.append({"text": str(text), "kind": kind})
    triggers["toast"] = {"items": notes}
    response.headers["HX-Trigger"] = json.dumps(triggers)
    return response
