"""The patient's page as one read model: who they are, what the record says, what care knows. Few statements."""

from __future__ import annotations

from dataclasses import dataclass

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care.models import Question
from tantam.care.queries.contacts import Contact, last_contacts, open_questions
from tantam.desk.queries.lacking import Completeness, completeness
from tantam.lib.prepared import Prepared
from tantam.patients.models import ContactPoint, Patient, Relative
from tantam.patients.queries.header import PatientHeader, header_for
from tantam.patients.queries.phones import in_order_to_try
from tantam.privacy.models import Purpose
from tantam.privacy.queries import ConsentState, consents_of
from tantam.records.queries import RecordSummary, ReexaminationLine, record_summary

CONTACTS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Overview:
    """What the patient's page shows to one member. Parts they may not see are empty and not read at all."""

    patient: Patient
    header: PatientHeader
    record: RecordSummary
    points: list[ContactPoint]
    relatives: list[Relative]
    consents: list[ConsentState]
    questions: list[Question]
    contacts: list[Contact]
    sees_care: bool
    may_plan: bool
    may_write: bool
    may_note_allergy: bool
    may_edit: bool
    completeness: Completeness

    @property
    def next_reexamination(self) -> ReexaminationLine | None:
        return self.record.next_reexamination


_points_of = Prepared(lambda patient_id: ContactPoint.objects.filter(patient=patient_id))
_relatives_of = Prepared(lambda patient_id: Relative.objects.filter(patient=patient_id))


def overview(patient: Patient, member: Member, *, site_id: int | None) -> Overview:
    """Read the page: eleven statements for who sees all of it."""
    points = in_order_to_try(_points_of(patient.pk))
    record = record_summary(patient, member)
    consents = consents_of(patient, compare_texts=False)
    care_consent = next(state for state in consents if state.purpose == Purpose.CARE_CONTACT)
    due = record.next_reexamination
    sees_care = member.may(Permission.CARE_SEE)
    relatives = _relatives_of(patient.pk)
    may_edit = member.may(Permission.PATIENT_EDIT)
    may_note_allergy = member.may(Permission.ALLERGY_WRITE)
    return Overview(
        patient=patient,
        header=header_for(
            patient,
            contact_points=points,
            allergies=record.warning_allergies,
            allergies_withheld=not record.is_visible,
            next_reexamination=due.due_on if due else None,
            consent_label=care_consent_words(care_consent),
            consent_kind=care_consent.kind,
            url="",
        ),
        record=record,
        points=points,
        relatives=relatives,
        consents=consents,
        questions=open_questions(patient, member),
        contacts=last_contacts(patient, member, CONTACTS_SHOWN) if sees_care else [],
        sees_care=sees_care,
        may_plan=member.may(Permission.REEXAMINATION_PLAN, due.site_id if due else site_id),
        may_write=member.may(Permission.RECORD_WRITE, site_id),
        may_note_allergy=may_note_allergy,
        may_edit=may_edit,
        completeness=completeness(
            patient,
            points=points,
            relatives=relatives,
            consents=consents,
            # Who has an allergy on record was asked about them.
            sees_allergies=record.is_visible and not record.warning_allergies,
            may_edit=may_edit,
            may_note_allergy=may_note_allergy,
            may_ask_consent=member.may(Permission.CONSENT_RECORD),
        ),
    )


def care_consent_words(state: ConsentState) -> str:
    """The patient's decision about care contacts, short enough for the header."""
    return f"{state.purpose.label}: {state.label.lower()}"
