"""What a page says to whoever sent more than it takes."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tantam.lib.uploads import limit_of
from tantam.ui.toasts import toast


def told_length(request: HttpRequest) -> int:
    """How many bytes the sender says will come; 0 when nothing is said, and nothing is read then."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def too_large(request: HttpRequest) -> HttpResponse:
    """413: nothing was changed, and how much this page takes. An open page stays as it is."""
    most = f"{number_format(f'{limit_of(request.path) / 1_000_000:.4g}')} MB"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=413, headers={"HX-Reswap": "none"})
        said = _("This page takes at most %(most)s at a time. Nothing was changed.") % {"most": most}
        toast(response, said, kind="danger")
        return response
    return render(request, "413.html", {"most": most}, status=413)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What could not be read: too much of it, or no request of ours."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return render(request, "400.html", status=400)
