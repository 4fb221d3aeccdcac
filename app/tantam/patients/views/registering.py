from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.journal.operations import note_list
from tantam.lib.errors import Refusal
from tantam.patients.errors import LikelyDuplicates
from tantam.patients.forms.registration import PhoneRows, RegistrationForm, RelativeRows, person_typed
from tantam.patients.models import Patient
from tantam.patients.operations import register_patient
from tantam.patients.queries.asked import as_registered
from tantam.patients.queries.likely import LikelyDuplicate, likely_duplicates
from tantam.patients.registries.registration import RegistrationPart, parts_for
from tantam.patients.rules.places import communes
from tantam.ui import links


@dataclass
class Slip:
    """Everything the registration page holds: the person, phones, relatives, and the cards of rooms above."""

    form: RegistrationForm
    phones: Any
    relatives: Any
    parts: list[tuple[RegistrationPart, forms.Form]]

    @classmethod
    def of(cls, request: StaffRequest, data: QueryDict | None = None) -> Slip:
        parts = parts_for(request.permissions)
        typed = as_registered(request.GET.get("typed", "")) if data is None else {}
        return cls(
            form=RegistrationForm(data, initial={key: typed[key] for key in typed if key != "phone"}),
            phones=PhoneRows(data, prefix="phones", initial=[{"phone": typed.get("phone", "")}]),
            relatives=RelativeRows(data, prefix="relatives"),
            parts=[(part, part.form(data, prefix=part.name)) for part in parts],
        )

    def is_valid(self) -> bool:
        # Every one is asked, so that everything to mend is shown at once.
        valid = [self.form.is_valid(), self.phones.is_valid(), self.relatives.is_valid()]
        return all(valid + [form.is_valid() for _part, form in self.parts])

    def register(self, request: StaffRequest) -> Patient:
        points = [point for row in self.phones if (point := row.point())] + self.form.written_points()
        relatives = [relative for row in self.relatives if (relative := row.relative())]
        with transaction.atomic():
            patient = register_patient(
                self.form.details(),
                contact_points=points,
                relatives=relatives,
                home_site=request.site,
                form_key=self.form.cleaned_data["form_key"],
                is_another_person=self.form.cleaned_data["is_another_person"],
                actor=request.member,
            )
            for part, form in self.parts:
                try:
                    part.act(patient, form, request.member)
                except Refusal as refusal:
                    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                    raise
        return patient

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal beside the field it speaks of, unless a part shows it already."""
        if any(form.errors for _part, form in self.parts):
            return
        field = "is_another_person" if isinstance(refusal, LikelyDuplicates) else refusal.field
        field = field if field in self.form.fields else None
        self.form.add_error(field, forms.ValidationError(str(refusal), code=refusal.code))

    def context(self, likely: list[LikelyDuplicate], *, must_answer: bool = False) -> dict[str, Any]:
        held = next((one for one in likely if one.is_same_identity), None)
        return {
            "form": self.form,
            "phones": self.phones,
            "relatives": self.relatives,
            "parts": self.parts,
            "likely": likely,
            "held": held,
            "needs_answer": any(one.must_be_answered for one in likely),
            "must_answer": must_answer,
            "card_warnings": self.form.card_warnings() if self.form.is_bound else [],
            "communes": communes(str(self.form["province"].value() or "")),
        }


@requires(Permission.PATIENT_REGISTER)
@require_http_methods(["GET", "POST"])
def register(request: StaffRequest) -> HttpResponse:
    """Register a patient on one screen (B1, J2)."""
    if request.method == "GET":
        return render(request, "patients/register.html", Slip.of(request).context([]))
    slip = Slip.of(request, request.POST)
    # Read now: a refusal takes the value it speaks of out of the form.
    typed = person_typed(slip.form, slip.phones)
    must_answer = False
    if slip.is_valid():
        try:
            patient = slip.register(request)
        except Refusal as refusal:
            slip.refuse(refusal)
            must_answer = isinstance(refusal, LikelyDuplicates)
        else:
            messages.success(
                request,
                _("%(name)s is registered as %(code)s.") % {"name": patient.full_name, "code": patient.code},
            )
            url = links.url("patient", patient.pk)
            return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)
    template = "patients/register.html#slip" if request.htmx else "patients/register.html"
    likely = likely_duplicates(typed)
    note_list(request.member, "likely", [one.patient.id for one in likely])
    return render(request, template, slip.context(likely, must_answer=must_answer), status=422)


@requires(Permission.PATIENT_REGISTER)
@require_POST
def likely(request: StaffRequest) -> HttpResponse:
    """Who may be registered already, from as much as is typed (A9)."""
    slip = Slip.of(request, request.POST)
    found = likely_duplicates(person_typed(slip.form, slip.phones))
    note_list(request.member, "likely", [one.patient.id for one in found])
    return render(request, "patients/register.html#likely", slip.context(found))


@requires(Permission.PATIENT_FIND)
@require_GET
def communes_of(request: StaffRequest) -> HttpResponse:
    """The communes of a province, as options to choose from while typing."""
    names = communes(request.GET.get("province", ""))
    return render(request, "patients/_communes.html", {"communes": names})
