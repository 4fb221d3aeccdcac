"""Pages of the interface itself: the gallery of parts, and what is shown when a form came too late."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from tantam.ui import gallery as examples


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token does not fit: usually a page left open over a sign-in. Nothing was changed."""
    response = render(request, "403_csrf.html", status=403)
    if request.headers.get("HX-Request"):
        response.headers["HX-Trigger"] = "session-expired"
    return response


def _only_while_developing() -> None:
    if not settings.DEBUG:
        raise Http404


@require_http_methods(["GET", "POST"])
def gallery(request: HttpRequest) -> HttpResponse:
    """Every part in every state."""
    _only_while_developing()
    form = examples.GalleryForm(request.POST or None)
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "ui/gallery.html", {**examples.facts(), "form": form}, status=status)


@require_GET
def gallery_rows(request: HttpRequest) -> HttpResponse:
    """Fifty rows, plain, to see and measure what a work list costs."""
    _only_while_developing()
    return render(request, "ui/gallery_rows.html", {"rows": examples.rows(50)})


@require_GET
def gallery_frame(request: HttpRequest, name: str) -> HttpResponse:
    """The frames and error pages on their own."""
    _only_while_developing()
    pages = {
        "public": "ui/gallery_public.html",
        "print": "ui/gallery_print.html",
        "400": "400.html",
        "403": "403.html",
        "403-csrf": "403_csrf.html",
        "404": "404.html",
        "413": "413.html",
        "500": "500.html",
    }
    if name not in pages:
        raise Http404
    return render(request, pages[name], examples.facts())
