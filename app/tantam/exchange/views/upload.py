from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.exchange import access
from tantam.exchange.engine.vault import Upload
from tantam.exchange.forms.upload import ImportForm
from tantam.exchange.models import RunState
from tantam.exchange.models.sources import NewSource
from tantam.exchange.operations.runs import receive_upload, start_reading
from tantam.exchange.queries.samples import samples_of
from tantam.facility.queries import sites_by_id
from tantam.lib.uploads import plain_bytes
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.IMPORT_RUN, anywhere=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Choose a source and files; sheets go on to the matching of their columns, the rest is checked at once."""
    known = sites_by_id()
    sites = [
        known[site_id] for site_id in request.member.sites_where(Permission.IMPORT_RUN) if site_id in known
    ]
    sources = access.sources_for(request.member)
    form = ImportForm(request.POST or None, request.FILES or None, sources=sources, sites=sites)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_on(form):
            data = form.cleaned_data
            run = receive_upload(
                data["source"] or NewSource(data["name"], data["site"], form.kind, data["numbers_are_ours"]),
                uploads=[Upload(file.name, plain_bytes(file)) for file in data["uploads"]],
                submission=data["submission"],
                actor=request.member,
            )
            if run.state != RunState.RECEIVED:
                return redirect("exchange:run", run_id=run.pk)
            if samples_of(run):
                return redirect("exchange:columns", run_id=run.pk)
            start_reading(run, actor=request.member)
            return redirect("exchange:run", run_id=run.pk)
    return render(request, "exchange/new.html", {"form": form}, status=422 if form.errors else 200)
