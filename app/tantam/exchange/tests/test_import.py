"""Files of a hospital become its patients and their records (B5)."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from tantam.accounts.models import Practitioner
from tantam.exchange.models import ImportedIdentity, RunState, StagedItem
from tantam.exchange.tests.fhir_files import (
    allergy,
    appointment,
    bundle,
    condition,
    encounter,
    hospital,
    patient,
    practitioner,
    prescription,
    pressure,
    whole_encounter,
    write,
    write_lines,
)
from tantam.journal.models import Entry
from tantam.patients.models import Patient
from tantam.records.models import (
    Allergy,
    CarePlan,
    Diagnosis,
    Encounter,
    PrescriptionLine,
    Reexamination,
    VitalSign,
)
from tests.factories.exchange import SourceFactory

pytestmark = pytest.mark.django_db


def test_an_encounter_arrives_with_everything_it_left_behind(tmp_path, take_in, site, mai):
    run = take_in(write(tmp_path, "encounter.json", hospital(1)), actor=mai)

    person = Patient.objects.get()
    assert (person.full_name, person.code, person.birth_date) == (
        "Nguyễn Thị Hằng A",
        "HN00001",
        date(1951, 3, 5),
    )
    assert (person.province, person.commune, person.sex) == ("Hà Nội", "Phường Cửa Nam", "female")
    assert person.came_from == f"{run.source.name} · encounter.json · p1"
    assert person.created_by == mai
    assert person.home_site == site
    assert person.last_encounter_on == date(2026, 11, 10)
    (phone,) = person.contact_points.all()
    assert (phone.value, phone.is_preferred) == ("+84912345601", True)
    doctor = Practitioner.objects.get()
    assert (doctor.title, doctor.full_name) == ("BS.CKII", "Trần Văn Bác A")
    encounter = Encounter.objects.get()
    assert (encounter.kind, encounter.status, encounter.doctor, encounter.site) == (
        "outpatient",
        "finished",
        doctor,
        site,
    )
    assert encounter.reason == "Đau ngực khi leo cầu thang"
    diagnosis = Diagnosis.objects.get()
    assert (diagnosis.code, diagnosis.code_system, diagnosis.text) == ("I10", "icd10", "Tăng huyết áp vô căn")
    assert (diagnosis.encounter, diagnosis.noted_on) == (encounter, date(2024, 5, 1))
    line = PrescriptionLine.objects.get()
    assert (line.drug, line.drug_code, line.amount) == ("Amlodipin 5 mg", "329528", "1 viên")
    assert (line.times_a_day, line.days, line.meals) == (2, 28, "after")
    reaction = Allergy.objects.get()
    assert (reaction.agent, reaction.agent_key, reaction.severity) == ("Penicillin", "penicillin", "moderate")
    assert (reaction.certainty, reaction.reaction, reaction.noted_by) == ("confirmed", "Nổi mề đay", mai)
    assert set(VitalSign.objects.values_list("kind", "value", "unit")) == {
        ("8480-6", Decimal("150.00"), "mm[Hg]"),
        ("8462-4", Decimal("95.00"), "mm[Hg]"),
    }
    again = Reexamination.objects.get()
    assert (again.due_on, again.at_time, again.status) == (date(2026, 12, 10), time(9), "planned")
    assert (again.doctor, again.purpose) == (doctor, "Tái khám tăng huyết áp")
    plan = CarePlan.objects.get()
    assert (plan.title, plan.activities) == ("Theo dõi huyết áp", ["Đo huyết áp tại nhà"])


def test_the_dry_run_writes_nothing_to_any_record(tmp_path, check_files):
    run = check_files(write(tmp_path, "encounter.json", hospital(2)))

    assert run.state == RunState.CHECKED
    assert run.counts["verdicts"]["patient"] == {"new": 2}
    assert run.counts["verdicts"]["vital"] == {"new": 4}
    assert not Patient.objects.exists()
    assert not Practitioner.objects.exists()


def test_the_same_file_twice_changes_nothing(tmp_path, take_in):
    file = write(tmp_path, "encounter.json", hospital(3))
    take_in(file)
    before = _everything()

    run = take_in(file)

    assert _everything() == before
    assert run.counts["applied"] == {}
    assert {verdict for kind in run.counts["verdicts"].values() for verdict in kind} == {"unchanged"}


def test_the_same_content_under_another_file_name_changes_nothing(tmp_path, take_in):
    take_in(write(tmp_path, "encounter.json", hospital(2)))
    before = _everything()

    take_in(write_lines(tmp_path, "encounter.ndjson", [entry["resource"] for entry in hospital(2)["entry"]]))

    assert _everything() == before


def test_a_corrected_file_updates_and_says_what_changed(tmp_path, take_in):
    take_in(write(tmp_path, "encounter.json", hospital(2)))
    resources = [entry["resource"] for entry in hospital(2)["entry"]]
    for item in resources:
        if item["id"] == "p1":
            item["name"] = [{"text": "NGUYỄN  THỊ HẰNG A"}]
            item["address"][0]["line"] = ["14 Lý Thường Kiệt"]
        if item["id"] == "a1":
            item["start"] = "2026-12-17T10:00:00+07:00"

    run = take_in(write(tmp_path, "corrected.json", bundle(*resources)))

    assert run.counts["verdicts"]["patient"] == {"changed": 1, "unchanged": 1}
    assert run.counts["applied"] == {"patient": {"updated": 1}, "reexamination": {"updated": 1}}
    person = Patient.objects.get(code="HN00001")
    assert (person.address_line, person.version) == ("14 Lý Thường Kiệt", 2)
    assert Reexamination.objects.get(patient=person).due_on == date(2026, 12, 17)


def test_what_the_source_does_not_say_is_not_erased(tmp_path, take_in):
    take_in(write(tmp_path, "encounter.json", bundle(patient(1))))
    short = {"resourceType": "Patient", "id": "p1", "name": [{"text": "Nguyễn Thị Hằng A"}]}

    take_in(write(tmp_path, "short.json", bundle(short)))

    person = Patient.objects.get()
    assert person.birth_date == date(1951, 3, 5)
    assert person.contact_points.count() == 1
    assert person.province == "Hà Nội"


def test_what_somebody_changed_here_is_kept_and_said(tmp_path, take_in):
    take_in(write(tmp_path, "encounter.json", bundle(patient(1))))
    person = Patient.objects.get()
    person.province = "Hưng Yên"
    person.save(update_fields=["province"])
    moved = patient(1)
    moved["address"][0]["state"] = "Hải Phòng"
    moved["address"][0]["city"] = "Phường Hồng Bàng"

    run = take_in(write(tmp_path, "moved.json", bundle(moved)))

    person.refresh_from_db()
    assert (person.province, person.commune) == ("Hưng Yên", "Phường Hồng Bàng")
    assert run.counts["kept"] == 1
    (item,) = StagedItem.objects.filter(run=run)
    assert [(problem.code, problem.field) for problem in item.noted] == [("kept_here", "province")]
    assert item.payload is None


def test_an_unchanged_source_does_not_undo_nor_report_what_was_changed_here(tmp_path, take_in):
    """A date moved in a care call stays moved when the hospital sends its old one with another correction (B7)."""
    take_in(write(tmp_path, "encounter.json", hospital(1)))
    again = Reexamination.objects.get()
    again.due_on, again.status = date(2026, 12, 20), "confirmed"
    again.save(update_fields=["due_on", "status"])
    resources = [practitioner(), *whole_encounter(1)[:-2], appointment(1, 1, description="Tái khám, thử máu")]

    run = take_in(write(tmp_path, "again.json", bundle(*resources)))

    again.refresh_from_db()
    assert (again.due_on, again.status, again.purpose) == (
        date(2026, 12, 20),
        "confirmed",
        "Tái khám, thử máu",
    )
    assert run.counts["kept"] == 0


def test_a_confirmed_date_the_hospital_cancels_is_cancelled(tmp_path, take_in):
    take_in(write(tmp_path, "encounter.json", hospital(1)))
    Reexamination.objects.update(status="confirmed")

    take_in(write(tmp_path, "off.json", bundle(patient(1), appointment(1, 1, status="cancelled"))))

    assert Reexamination.objects.get().status == "cancelled"


def test_a_new_first_telephone_leads_unless_another_was_chosen_here(tmp_path, take_in):
    take_in(write(tmp_path, "one.json", bundle(patient(1), patient(2))))
    second = Patient.objects.get(code="HN00002")
    second.contact_points.update(is_preferred=False)
    second.contact_points.create(
        kind="phone", value="+84988777666", value_index=1, tail_index=2, is_preferred=True
    )
    changed = [patient(n, telecom=[{"system": "phone", "value": f"0987 000 00{n}"}]) for n in (1, 2)]

    take_in(write(tmp_path, "two.json", bundle(*changed)))

    first = Patient.objects.get(code="HN00001")
    assert {(point.value, point.is_preferred) for point in first.contact_points.all()} == {
        ("+84912345601", False),
        ("+84987000001", True),
    }
    assert second.contact_points.get(is_preferred=True).value == "+84988777666"
    assert second.contact_points.count() == 3


def test_future_births_and_days_that_do_not_exist_are_refused(tmp_path, check_files):
    people = [
        patient(1, birthDate="2199-01-01"),
        patient(2, birthDate="1985-02-30"),
        patient(3, birthDate="1985"),
    ]

    run = check_files(write(tmp_path, "births.json", bundle(*people)))

    reasons = {item.external_id: item.noted[0] for item in run.items.filter(verdict="refused")}
    assert {pk: reason.code for pk, reason in reasons.items()} == {
        "p1": "birth_in_future",
        "p2": "date_does_not_exist",
    }
    assert (reasons["p2"].field, reasons["p2"].value) == ("birthDate", "1985-02-30")


def test_a_wrong_telephone_is_noted_and_the_patient_taken(tmp_path, take_in):
    run = take_in(
        write(tmp_path, "one.json", bundle(patient(1, telecom=[{"system": "phone", "value": "12-34"}])))
    )

    assert not Patient.objects.get().contact_points.exists()
    assert run.counts["warnings"] == 1
    (problem,) = StagedItem.objects.get(run=run).noted
    assert (problem.code, problem.field, problem.value, problem.refuses) == (
        "phone_invalid",
        "telecom",
        "12-34",
        False,
    )


def test_two_sources_with_equal_ids_are_apart(tmp_path, take_in, site):
    take_in(write(tmp_path, "one.json", bundle(patient(1))))
    stranger = patient(1, name=[{"text": "Lý Văn Khác"}], birthDate="1999-01-01", identifier=[], telecom=[])

    take_in(write(tmp_path, "two.json", bundle(stranger)), of=SourceFactory(site=site))

    assert Patient.objects.count() == 2


def test_a_death_stops_us_from_calling(tmp_path, take_in):
    take_in(write(tmp_path, "one.json", bundle(patient(1), patient(2, deceasedDateTime="2026-05-04"))))

    dead = Patient.objects.get(code="HN00002")
    assert (dead.status, dead.deceased_on, dead.may_be_contacted) == ("deceased", date(2026, 5, 4), False)


def test_an_encounter_that_arrives_closes_the_date_it_keeps(tmp_path, take_in):
    take_in(
        write(tmp_path, "plan.json", bundle(patient(1), appointment(1, 1, start="2026-11-18T09:00:00+07:00")))
    )
    assert Reexamination.objects.get().status == "planned"

    late = encounter(5, 1, period={"start": "2026-11-18T09:10:00+07:00"}, participant=[])
    take_in(write(tmp_path, "encounter.json", bundle(patient(1), late)))

    assert Reexamination.objects.get().status == "done"


def test_what_was_entered_in_error_is_not_taken_and_is_taken_back(tmp_path, take_in):
    take_in(write(tmp_path, "one.json", hospital(1)))
    wrong = {"coding": [{"code": "entered-in-error"}]}
    resources = [
        patient(1),
        encounter(1, 1, status="entered-in-error"),
        condition(1, 1, verificationStatus=wrong),
        prescription(1, 1, status="entered-in-error"),
        allergy(1, 1, verificationStatus=wrong),
        pressure(1, 1, status="entered-in-error"),
        appointment(1, 1, status="entered-in-error"),
        condition(7, 1, verificationStatus=wrong),
    ]

    run = take_in(write(tmp_path, "two.json", bundle(*resources)))

    assert run.counts["verdicts"]["diagnosis"] == {"changed": 1, "refused": 1}
    assert Encounter.objects.get().status == "cancelled"
    assert Diagnosis.objects.get().status == "resolved"
    assert PrescriptionLine.objects.get().status == "stopped"
    assert Allergy.objects.get().certainty == "refuted"
    assert Reexamination.objects.get().status == "cancelled"
    assert not VitalSign.objects.exists()


def test_one_substance_is_one_allergy_whoever_said_it(tmp_path, take_in):
    take_in(write(tmp_path, "one.json", bundle(patient(1))))
    Allergy.objects.create(patient=Patient.objects.get(), agent="penicillin", agent_key="penicillin")

    take_in(write(tmp_path, "two.json", bundle(patient(1), allergy(1, 1), allergy(2, 1))))

    reaction = Allergy.objects.get()
    assert (reaction.agent, reaction.reaction) == ("penicillin", "Nổi mề đay")
    assert ImportedIdentity.objects.filter(kind="allergy", object_id=reaction.pk).count() == 2


def test_nothing_of_a_patient_stays_in_the_staging_table(tmp_path, take_in):
    run = take_in(write(tmp_path, "one.json", hospital(2)))

    assert not StagedItem.objects.filter(run=run).exists()


def test_what_is_staged_is_sealed(tmp_path, check_files):
    from django.db import connection

    run = check_files(write(tmp_path, "one.json", bundle(patient(1, birthDate="2199-01-01"))))

    with connection.cursor() as cursor:
        cursor.execute("SELECT payload, problems FROM exchange_stageditem WHERE run_id = %s", [run.pk])
        payload, problems = (bytes(column) for column in cursor.fetchone())
    assert "Hằng".encode() not in payload
    assert b"2199" not in problems


def test_each_part_that_is_written_is_in_the_journal(tmp_path, take_in, mai):
    run = take_in(write(tmp_path, "one.json", hospital(1)), actor=mai)

    events = Entry.objects.filter(subject_type="exchange.importrun", subject_id=run.pk)
    assert events.filter(event="exchange.import:done", actor=mai).count() == 1
    chunk = events.filter(event="exchange.import:chunk", details__kind="patient").get()
    assert chunk.details["created"] == 1


def _everything():
    """The content of every record an import writes, in a comparable form."""
    return {
        model.__name__: sorted(map(repr, model.objects.values_list()))
        for model in (
            Patient,
            Practitioner,
            Encounter,
            Diagnosis,
            PrescriptionLine,
            Allergy,
            VitalSign,
            Reexamination,
            CarePlan,
        )
    }


def test_a_person_whose_data_was_destroyed_is_not_brought_back(tmp_path, take_in):
    """Erasure holds against the next import (A10)."""
    from tantam.exchange import privacy

    file = write(tmp_path, "encounter.json", hospital(1))
    take_in(file)
    person = Patient.objects.get()
    assert {row["kind"] for row in privacy.export(person.pk)["came_from"]} >= {
        "patient",
        "encounter",
        "allergy",
    }

    privacy.shred(person.pk)
    privacy.shred(person.pk)

    assert not privacy.export(person.pk)["came_from"]
    run = take_in(file)
    assert StagedItem.objects.get(run=run, kind="patient").noted[0].code == "destroyed_here"
    assert run.counts["verdicts"]["encounter"] == {"refused": 1}
    assert Patient.objects.count() == 1
