from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bench.bare.models import Person

ROWS = 50


@login_required
def rows(request: HttpRequest, first: int) -> HttpResponse:
    """Fifty patients from one on, by the primary key."""
    people = Person._default_manager.filter(pk__gte=first).order_by("pk")[:ROWS]
    return render(request, "rows.html", {"people": people})


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")
