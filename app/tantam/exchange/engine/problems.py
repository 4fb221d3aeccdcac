"""What was wrong with a value, a draft or a file, kept so that each reader sees it in their language."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Self

from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.sheets.columns import Column
from tantam.lib.errors import Refusal
from tantam.lib.text import shorten

# What elements of FHIR and our own fields are called; a sheet's columns are called as their headers say.
_CALLED: Final[dict[str, Any]] = {
    "full_name": Column.FULL_NAME.label,
    "name": Column.FULL_NAME.label,
    "name.prefix": pgettext_lazy("column", "Title"),
    "title": pgettext_lazy("column", "Title"),
    "code": Column.PATIENT_CODE.label,
    "identifier": _("Identifier"),
    "identity_number": Column.IDENTITY.label,
    "insurance_number": Column.INSURANCE.label,
    "birthDate": Column.BIRTH.label,
    "birth_date": _("Date of birth"),
    "birth_year": _("Year of birth"),
    "sex": Column.SEX.label,
    "telecom": Column.PHONE.label,
    "first_phone": Column.PHONE.label,
    "first_email": Column.EMAIL.label,
    "contact.telecom": Column.RELATIVE_PHONE.label,
    "contact.name": Column.RELATIVE_NAME.label,
    "contact_point_id": Column.RELATIVE_PHONE.label,
    "relationship": Column.RELATIVE_RELATION.label,
    "is_guardian": _("Guardian"),
    "address.state": Column.PROVINCE.label,
    "province": Column.PROVINCE.label,
    "address.city": Column.COMMUNE.label,
    "commune": Column.COMMUNE.label,
    "address.line": Column.ADDRESS.label,
    "address_line": Column.ADDRESS.label,
    "language": Column.LANGUAGE.label,
    "notes": Column.PATIENT_NOTES.label,
    "deceasedDateTime": _("Date of death"),
    "deceased_on": _("Date of death"),
    "licence_number": _("Licence number"),
    "is_active": pgettext_lazy("column", "Active"),
    "speciality": Column.SPECIALITY.label,
    "specialty": Column.SPECIALITY.label,
    "serviceType": Column.SPECIALITY.label,
    "speciality_id": Column.SPECIALITY.label,
    "department_id": Column.DEPARTMENT.label,
    "doctor_id": Column.DOCTOR.label,
    "patient": _("Patient"),
    "patient_id": _("Patient"),
    "encounter_id": _("Visit"),
    "status": pgettext_lazy("column", "Status"),
    "kind": _("Kind"),
    "period.start": _("Beginning"),
    "period.end": _("End"),
    "start": _("Beginning"),
    "starts_on": _("Beginning"),
    "started_on": _("Beginning"),
    "ends_on": _("End"),
    "boundsPeriod.start": _("Beginning"),
    "boundsPeriod.end": _("End"),
    "started_at": Column.ENCOUNTER_DATE.label,
    "ended_at": Column.ENCOUNTER_END.label,
    "reasonCode": Column.REASON.label,
    "reason": Column.REASON.label,
    "symptoms": Column.SYMPTOMS.label,
    "advice": Column.ADVICE.label,
    "clinical_notes": Column.CLINICAL_NOTES.label,
    "text": Column.DIAGNOSIS.label,
    "code_system": _("System of the code"),
    "is_main": _("Main diagnosis"),
    "onset": _("Known since"),
    "noted_on": _("Known since"),
    "noted_at": _("Known since"),
    "recordedDate": _("Recorded on"),
    "effectiveDateTime": _("Measured at"),
    "measured_at": _("Measured at"),
    "value": _("Value"),
    "unit": _("Unit"),
    "agent": Column.ALLERGY.label,
    "reaction": Column.ALLERGY_REACTION.label,
    "severity": _("Severity"),
    "certainty": _("Certainty"),
    "medication": Column.DRUG.label,
    "drug": Column.DRUG.label,
    "drug_code": _("Code of the medicine"),
    "amount": Column.DRUG_AMOUNT.label,
    "dosageInstruction.doseAndRate": Column.DRUG_AMOUNT.label,
    "dosageInstruction.text": Column.DRUG_NOTE.label,
    "times_a_day": Column.DRUG_TIMES.label,
    "days": Column.DRUG_DAYS.label,
    "meals": _("With meals"),
    "note": Column.DRUG_NOTE.label,
    "authoredOn": _("Prescribed on"),
    "due_on": Column.REEXAMINATION.label,
    "at_time": Column.REEXAMINATION_TIME.label,
    "purpose": pgettext_lazy("column", "Purpose"),
    "description": pgettext_lazy("column", "Purpose"),
    "activities": _("Activities"),
    # What a reader of sheets says where the row has no such column.
    **{column.value: column.label for column in Column},
}


@lru_cache(maxsize=1_000)
def _msgid(sentence: Any) -> str:
    with override("en"):
        return str(sentence)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a draft or a file: where (a column or a FHIR element), the value, and why.

    `refuses` tells a reason to leave the whole draft out from a remark about one value.
    """

    code: str
    msgid: str
    field: str = ""
    value: str = ""
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    refuses: bool = False

    @classmethod
    def of(
        cls,
        code: str,
        sentence: object,
        /,
        *,
        field: str = "",
        value: object = "",
        refuses: bool = False,
        **params: str | int,
    ) -> Self:
        """`sentence` is a lazily translated msgid with %(name)s places filled from `params`."""
        return cls(code, _msgid(sentence), field, shorten(str(value), 80), params, refuses)

    @classmethod
    def from_refusal(
        cls, refusal: Refusal, *, field: str = "", value: object = "", refuses: bool = False
    ) -> Self:
        params = {name: shorten(str(value), 80) for name, value in refusal.params.items()}
        return cls(refusal.code, _msgid(refusal.message), field, shorten(str(value), 80), params, refuses)

    def with_params(self, **params: str | int) -> Self:
        """The same, with more places of the sentence filled (also those called like our own fields)."""
        return dataclasses.replace(self, params={**self.params, **params})

    @property
    def place(self) -> str:
        """Which column or element it is about, in the reader's words; a sheet's column as its header says."""
        return str(_CALLED.get(self.field, self.field))

    @property
    def sentence(self) -> str:
        """The reason in the active language."""
        said = gettext(self.msgid)
        return said % self.params if self.params else said

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "msgid": self.msgid,
            "field": self.field,
            "value": self.value,
            "params": dict(self.params),
            "refuses": self.refuses,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**kept)
