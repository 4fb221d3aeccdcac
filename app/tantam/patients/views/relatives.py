from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.patients import access
from tantam.patients.forms.relatives import NewRelativeForm, RelativeForm
from tantam.patients.operations import add_relative, correct_relative, remove_relative
from tantam.patients.views.details import context_of, done, shown
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.PATIENT_EDIT)
@require_http_methods(["GET", "POST"])
def relatives(request: StaffRequest, patient_id: int) -> HttpResponse:
    """Add a relative or guardian."""
    patient = access.patient_for(request.member, patient_id, look="details", is_part=True)
    form = NewRelativeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_shown_on(form):
            add_relative(patient, form.new(), form_key=form.cleaned_data["form_key"], actor=request.member)
        if not form.errors:
            return done(request, patient, _("Relative added."))
    return shown(
        request,
        context_of(request, patient, relative_form=form),
        status=422 if form.errors else 200,
    )


@requires(Permission.PATIENT_EDIT)
@require_http_methods(["GET", "POST"])
def relative(request: StaffRequest, patient_id: int, relative_id: int) -> HttpResponse:
    """Correct a relative or guardian."""
    row = access.relative_for(request.member, patient_id, relative_id)
    access.patient_for(request.member, patient_id, look="details", is_part=True)
    form = RelativeForm(request.POST if request.method == "POST" else None, initial=RelativeForm.of(row))
    if form.is_bound and form.is_valid():
        with refusals_shown_on(form):
            correct_relative(row, form.new(), actor=request.member)
        if not form.errors:
            return done(request, row.patient, _("Relative saved."))
    return shown(
        request,
        context_of(request, row.patient, relative_form=form, edited_relative=row),
        status=422 if form.errors else 200,
    )


@requires(Permission.PATIENT_EDIT)
@require_POST
def removal(request: StaffRequest, patient_id: int, relative_id: int) -> HttpResponse:
    """Take a relative off; their number stays until it is taken off by itself."""
    row = access.relative_for(request.member, patient_id, relative_id)
    access.patient_for(request.member, patient_id, look="details", is_part=True)
    remove_relative(row, actor=request.member)
    return done(request, row.patient, _("Relative removed."))
