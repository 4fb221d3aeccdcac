"""What a page says when the database could not answer in time: that it is busy, with what was typed kept."""

from __future__ import annotations

import re
from collections.abc import Collection

import psycopg
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from psycopg_pool import PoolTimeout, TooManyRequests

from tantam.ui.toasts import toast

RETRY_AFTER = 5
MOST_TYPED = 100_000
# Never sent back into a page, whatever form they stood on.
_SECRET = re.compile(r"password|passcode|secret|token|credential", re.IGNORECASE)
# The sign-in's own pages: what is typed there is a secret, whatever the field is called.
_SECRET_PAGES = ("account_", "mfa_")
_BUSY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.TooManyConnections,
    PoolTimeout,
    TooManyRequests,
)


def is_busy(error: BaseException | None) -> bool:
    """Whether it failed only because others were first: a lock, a time limit, a deadlock, no free connection."""
    if not isinstance(error, OperationalError):
        return isinstance(error, _BUSY)
    return isinstance(error.__cause__, _BUSY)


def typed_fields(request: HttpRequest, *, but: Collection[str] = ()) -> list[tuple[str, str]]:
    """What was sent by a form, for hidden fields of another: without passwords and codes, and without files."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", *but) and not _SECRET.search(name)
        for value in values
    ]
    return fields if sum(len(name) + len(value) for name, value in fields) <= MOST_TYPED else []


def busy(request: HttpRequest) -> HttpResponse:
    """503: nothing was changed; try again. A page that is open stays as it is, a form is offered again as sent."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=503, headers={"HX-Reswap": "none"})
        toast(
            response,
            _(
                "Just now too much is going on. Nothing was changed, and what you typed is still here: try again."
            ),
            kind="wait",
        )
    else:
        fields = _repeatable(request)
        context = {
            "fields": fields or [],
            "can_repeat": fields is not None,
            "is_form": request.method == "POST",
        }
        try:
            response = render(request, "503.html", context, status=503)
        except OperationalError:
            # Not even the frame of a page can be had from the database.
            response = HttpResponse("503", status=503, content_type="text/plain")
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _repeatable(request: HttpRequest) -> list[tuple[str, str]] | None:
    """What to send again; None when it cannot be: files do not go back into a form, and secrets must not."""
    match = request.resolver_match
    if (
        request.method != "POST"
        or request.FILES
        or (match and (match.url_name or "").startswith(_SECRET_PAGES))
    ):
        return None
    fields = typed_fields(request)
    sent = [
        name for name, values in request.POST.lists() for _value in values if name != "csrfmiddlewaretoken"
    ]
    return fields if len(fields) == len(sent) else None
