"""What the server in front asks before it receives anything large."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tantam.accounts.door import signed_in


@require_safe
@signed_in
def sender(request: HttpRequest) -> HttpResponse:
    """204 when whoever is about to send a large body is signed in; the door answers everyone else."""
    return HttpResponse(status=204)
