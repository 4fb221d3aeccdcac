"""A guide as it will look beside a call: with an example patient, or with a real one the editor may see."""

from __future__ import annotations

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.knowledge.models import GuideVersion, PatientFact
from tantam.knowledge.rules.facts import facts_of_record, places_for
from tantam.knowledge.rules.filling import FilledGuide, filled
from tantam.lib.errors import NotVisible
from tantam.patients.access import patient_for
from tantam.patients.models import Patient
from tantam.records.queries import record_summary

# Example data is Vietnamese like the guides themselves: it shows how their lines will read.
_PLACES = {
    "{xưng hô}": "chị Hằng",
    "{ngày tái khám}": "Thứ Hai 30/11/2026",
    "{bác sĩ}": "BS. Nguyễn Hồng Sơn",
}
_FACTS = {
    PatientFact.LAST_ENCOUNTER: ["02/11/2026, BS. Nguyễn Hồng Sơn: Tăng huyết áp vô căn (I10)"],
    PatientFact.DIAGNOSES: ["Tăng huyết áp vô căn (I10)"],
    PatientFact.MEDICINES: ["Amlodipin 5 mg: 1 viên × 1 lần/ngày × 30 ngày, sau ăn"],
    PatientFact.ALLERGIES: ["Penicillin: nổi mày đay"],
    PatientFact.ADVICE: ["Ăn nhạt, đi bộ 30 phút mỗi ngày, đo huyết áp mỗi sáng"],
    PatientFact.REEXAMINATION: ["Thứ Hai 30/11/2026"],
    PatientFact.LAST_CONTACT: ["20/11/2026: Đỡ hơn, Sẽ đến"],
    PatientFact.VULNERABILITY: ["Lãng tai"],
}


def filled_for_example(version: GuideVersion) -> FilledGuide:
    facts = {fact.value: lines for fact, lines in _FACTS.items()}
    return filled(version, places=_PLACES, facts=facts)


def filled_for_patient(
    version: GuideVersion, code: str, member: Member
) -> tuple[FilledGuide, Patient] | tuple[None, None]:
    """The guide for the patient with this code, as far as the member may see their record; nothing when not."""
    if not (member.may(Permission.RECORD_SEE) and member.may(Permission.PATIENT_FIND)):
        return None, None
    found = Patient.objects.filter(code__iexact=code[:30]).values_list("pk", flat=True).first()
    if found is None:
        return None, None
    try:
        patient = patient_for(member, found, look="guide_preview")
    except NotVisible:
        return None, None
    record = record_summary(patient, member)
    coming = record.next_reexamination
    doctor = coming.doctor if coming else None
    shown = filled(
        version,
        places=places_for(patient, coming, doctor),
        facts=facts_of_record(patient, record, coming),
    )
    return shown, patient
