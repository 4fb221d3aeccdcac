"""What somebody who registers came for: asked on the same page, seen by the doctor (B1)."""

from __future__ import annotations

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.patients.models import Patient
from tantam.patients.registries.registration import RegistrationPart, register_part
from tantam.records.forms.needs import NeedForm
from tantam.records.operations import receive_with_need


def receive(patient: Patient, form: NeedForm, actor: Member) -> None:
    """Put what was said into the record; who only registers says nothing and is received later."""
    need, site = form.cleaned_data["need"], patient.home_site
    if need and site is not None:
        receive_with_need(patient, need=need, site=site, doctor=form.cleaned_data["doctor"], actor=actor)


register_part(
    RegistrationPart(
        name="need",
        form=NeedForm,
        template="records/_need.html",
        act=receive,
        permission=Permission.PATIENT_REGISTER,
        order=10,
    )
)
