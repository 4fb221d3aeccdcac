from __future__ import annotations

import pytest

from tantam.journal.models import Entry
from tantam.records.errors import AgentNeeded, AllergyAlreadyNoted, AllergyAlreadyRefuted, ReasonNeeded
from tantam.records.events import RecordEvent
from tantam.records.models import Allergy
from tantam.records.operations import correct_allergy, note_allergy, refute_allergy
from tantam.records.queries import allergy_warnings
from tantam.records.rules.cross_reactivity import Level, check
from tests.factories.patients import PatientFactory
from tests.factories.records import AllergyFactory


@pytest.fixture
def patient(db):
    return PatientFactory()


def test_an_allergy_is_noted_once_whatever_the_spelling(patient, mai):
    """B7"""
    first = note_allergy(patient, agent="Kháng sinh Amoxicilin", reaction="Nổi ban", actor=mai)
    again = note_allergy(
        patient, agent="khang sinh amoxicilin", severity="severe", certainty="confirmed", actor=mai
    )

    assert again.pk == first.pk
    assert (again.agent, again.reaction) == ("Kháng sinh Amoxicilin", "Nổi ban")
    assert (again.severity, again.certainty) == ("severe", "confirmed")
    assert Allergy.objects.count() == 1
    assert Entry.objects.filter(event=RecordEvent.ALLERGY_NOTED).count() == 2
    note_allergy(patient, agent="KHÁNG SINH AMOXICILIN", actor=mai)
    again.refresh_from_db()
    assert (again.severity, again.certainty) == ("severe", "confirmed")
    assert Entry.objects.filter(event=RecordEvent.ALLERGY_NOTED).count() == 2


def test_something_must_be_named(patient, mai):
    with pytest.raises(AgentNeeded):
        note_allergy(patient, agent="  \u200b ", actor=mai)


def test_a_refuted_allergy_is_kept_and_warns_again_when_it_is_heard_of_again(patient, mai):
    allergy = note_allergy(patient, agent="Aspirin", actor=mai)
    with pytest.raises(ReasonNeeded):
        refute_allergy(allergy, reason=" ", actor=mai)
    refute_allergy(allergy, reason="Thử thuốc âm tính", actor=mai)
    assert allergy_warnings(patient.pk, ["Aspirin 81 mg"]) == {}
    with pytest.raises(AllergyAlreadyRefuted):
        refute_allergy(allergy, reason="x", actor=mai)

    note_allergy(patient, agent="aspirin", actor=mai)

    assert "Aspirin 81 mg" in allergy_warnings(patient.pk, ["Aspirin 81 mg"])


def test_correcting_to_a_name_already_noted_is_refused(patient, mai):
    AllergyFactory(patient=patient, agent="Ibuprofen")
    wrong = AllergyFactory(patient=patient, agent="Ibu")
    details = {"kind": "drug", "reaction": "", "severity": "mild", "certainty": "suspected"}
    with pytest.raises(AllergyAlreadyNoted):
        correct_allergy(wrong, agent="IBUPROFEN", actor=mai, **details)
    corrected = correct_allergy(wrong, agent="Ibuprofen viên 400", actor=mai, **details)
    assert corrected.agent_key == "ibuprofen vien 400"


@pytest.mark.parametrize(
    ("agent", "drug", "severe", "level"),
    [
        ("Penicillin", "Penicilin V kali 1.000.000 IU", False, Level.HIGH),
        ("penicilin", "Augmentin 1 g", False, Level.HIGH),
        ("Amoxicillin", "Cefalexin 500 mg", False, Level.HIGH),
        ("Amoxicilin", "Cephalexine 500", False, Level.HIGH),
        ("Ampicillin", "Ceftriaxone 1 g", False, Level.INFO),
        ("Ampicillin", "Ceftriaxone 1 g", True, Level.HIGH),
        ("Penicillin", "Meropenem", False, Level.INFO),
        ("Ceftazidime", "Aztreonam", False, Level.HIGH),
        ("Aspirin", "Diclofenac 75 mg", False, Level.HIGH),
        ("NSAID", "Celecoxib 200 mg", False, Level.MEDIUM),
        ("Ibuprofen", "Paracetamol 500 mg", False, Level.INFO),
        ("Bactrim", "Furosemid 40 mg", False, Level.INFO),
        ("Novocain", "Tetracaine", False, Level.HIGH),
        ("Thuốc lạ Xyzamol", "xyzamol 10mg", False, Level.HIGH),
        ("Kháng sinh nhóm beta-lactam", "Amoxicilin 500 mg", False, Level.HIGH),
        ("Codein", "Tramadol", False, Level.HIGH),
        ("Tôm", "Amoxicilin", False, None),
        ("Thuốc kháng sinh", "Viên nang kháng sinh", False, None),
        ("Novocain", "Lidocain 2%", False, None),
        ("Amlodipin", "Losartan", False, None),
    ],
)
def test_which_medicines_meet_which_allergies(agent, drug, severe, level):
    met = check(agent, drug, severe=severe)
    assert (met[0] if met else None) == level


def test_only_medium_and_stronger_warnings_need_a_reason(patient):
    AllergyFactory(patient=patient, agent="Ibuprofen")
    warnings = allergy_warnings(patient.pk, ["Naproxen 500 mg", "Paracetamol 500 mg", "Omeprazol", " "])
    assert {drug: found[0].level.needs_reason for drug, found in warnings.items()} == {
        "Naproxen 500 mg": True,
        "Paracetamol 500 mg": False,
    }
