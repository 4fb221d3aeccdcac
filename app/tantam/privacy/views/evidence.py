"""The scans that prove decisions: added, and opened by those who may."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.lib.scans import ScanKind
from tantam.privacy import access
from tantam.privacy.forms.consents import EvidenceForm
from tantam.privacy.operations import add_evidence
from tantam.privacy.views.consents import consents_page, done, sent, shown
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.CONSENT_RECORD)
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, patient_id: int, consent_id: int) -> HttpResponse:
    """Add a scan to a decision recorded earlier: the paper often reaches the scanner in the evening."""
    consent = access.consent_to_prove(request.member, patient_id, consent_id)
    form = EvidenceForm(*sent(request))
    if form.is_bound and form.is_valid():
        with refusals_shown_on(form):
            add_evidence(
                consent, scan=form.scan, submission=form.cleaned_data["submission"], actor=request.member
            )
        if not form.errors:
            return done(request, consent.patient, _("The file is kept with the decision."))
    context = consents_page(request, consent.patient, proven=consent.pk, form=form)
    return shown(request, context, status=422 if form.errors else 200)


@requires(Permission.CONSENT_RECORD)
@require_GET
def show(request: StaffRequest, patient_id: int, evidence_id: int) -> HttpResponse:
    """The scan itself: a picture in the browser, a PDF as a file. Opening it is a look (D9)."""
    file = access.evidence_for(request.member, patient_id, evidence_id)
    kind = ScanKind(file.kind)
    response = HttpResponse(file.content, content_type=kind.media_type)
    way = "inline" if kind.is_picture else "attachment"
    # Our own name: the one it came with may say anything, and is not kept.
    response.headers["Content-Disposition"] = f'{way}; filename="consent-{patient_id}-{file.pk}.{kind.value}"'
    # Whatever it carries that we did not see: it runs nothing and reaches nothing of ours.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
