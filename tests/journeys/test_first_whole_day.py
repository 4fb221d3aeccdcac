"""The first whole day: a hospital's list becomes calls, and what a patient says stands before the doctor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tantam.care.models import CareTask, Conversation, Finding
from tantam.journal.models import Entry
from tantam.knowledge.operations import ensure_starter_guides
from tantam.patients.models import ContactPoint, Patient
from tantam.records.models import Allergy, Diagnosis, Encounter, PrescriptionLine, Reexamination

pytestmark = pytest.mark.django_db(transaction=True)

HEADERS = (
    "STT;Mã BN;Họ và tên;Ngày sinh;Giới tính;SĐT;Địa chỉ;Ngày khám;Bác sĩ;Chẩn đoán;Mã ICD;Thuốc;Số lần/ngày;"
    "Số ngày;Lời dặn;Ngày tái khám;Giờ hẹn"
)
ROWS = (
    "1;HN0001;Đặng Thị Ánh Nguyệt;05/03/1961;Nữ;0912.345.671;12 Hàng Bài, Hà Nội;{encounter};BS. Nguyễn Hồng Sơn;"
    "Tăng huyết áp;I10;Amlodipin 5 mg;1;30;Ăn nhạt, đi bộ mỗi ngày;{in_two_days};09:30",
    "2;HN0002;Lò Văn Páo;1958;Nam;+84 987 654 322;Sơn La;{encounter};BS. Nguyễn Hồng Sơn;"
    "Đái tháo đường típ 2;E11;Metformin 500 mg;2;30;Kiêng đường;{tomorrow};7h30",
    "3;HN0003;Trịnh Quốc Khánh;2-9-75;Nam;01234567890;Hưng Yên;{encounter};BS. Nguyễn Hồng Sơn;"
    "Viêm dạ dày;K29;;;;Tái khám khi đau;{far};",
    "4;HN0004;;1990;Nữ;0900000000;;{encounter};;;;;;;;;",
)


def _the_hospitals_list() -> SimpleUploadedFile:
    """As it is exported: a title above the header, semicolons, a mark at the beginning, one row without a name."""
    today = timezone.localdate()
    days = {
        "encounter": today - timedelta(days=28),
        "tomorrow": today + timedelta(days=1),
        "in_two_days": today + timedelta(days=2),
        "far": today + timedelta(days=70),
    }
    written = {name: f"{day:%d/%m/%Y}" for name, day in days.items()}
    lines = ["DANH SÁCH BỆNH NHÂN HẸN TÁI KHÁM" + ";" * 16, HEADERS, *(row.format(**written) for row in ROWS)]
    return SimpleUploadedFile("tai_kham.csv", ("\ufeff" + "\r\n".join(lines)).encode())


def _everything() -> dict[str, list[dict]]:
    """All of the record and of care, to see that nothing changed."""
    tables = (
        Patient, ContactPoint, Encounter, Diagnosis, PrescriptionLine, Reexamination, Allergy, CareTask,
        Conversation, Finding,
    )  # fmt: skip
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


def test_from_the_hospitals_list_to_the_doctors_page(visitor, work, manager, mai, doctor):
    """B5, B4, B6, B7, B9, D9: a list is taken in, its patients are called, the doctor reads what they said."""
    ensure_starter_guides(actor=None)
    boss, agent, physician = visitor(manager), visitor(mai), visitor(doctor.member)
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)

    # The manager writes the rule: call two days before a re-examination.
    rule = boss.open("/care/rules/new").press(
        "Save and plan", occasion="before_reexamination", days="2", name="Nhắc tái khám"
    )
    assert rule.status == 200
    work()

    # The hospital's list: what its columns mean is shown, then what it would change, then it is taken in.
    columns = boss.open("/import/new/").press(
        "Read and check", name="Sổ tái khám", numbers_are_ours="on", uploads=_the_hospitals_list()
    )
    assert columns.address.endswith("/columns/")
    meant = {name: value[0] for name, value in columns.form("Read and check").values.items()}
    assert [meant[f"sheet-0-{place}"] for place in (0, 2, 3, 5, 9, 15)] == [
        "-", "full_name", "birth", "phone", "diagnosis", "reexamination",
    ]  # fmt: skip
    assert "0912.345.671" in columns
    reading = columns.press("Read and check")
    work()
    run = boss.open(reading.address)
    assert "tai_kham.csv · dòng 6" in run, "the row without a name is refused, by its number"
    assert not Patient.objects.exists(), "the check writes nothing"
    run.press("Take in now")
    work()

    moon = Patient.objects.get(full_name="Đặng Thị Ánh Nguyệt")
    assert (moon.code, moon.birth_date) == ("HN0001", date(1961, 3, 5))
    assert {patient.code for patient in Patient.objects.all()} == {"HN0001", "HN0002", "HN0003"}
    # The third is not due for weeks; the first two are called now.
    assert set(CareTask.objects.filter(due_on__lte=today).values_list("patient__code", flat=True)) == {
        "HN0001",
        "HN0002",
    }

    # The care agent takes the next call. Whoever does not answer waits; the next one is taken in the same press.
    call = agent.open("/care/").press("Take the next call")
    if moon.full_name not in call:
        call = call.press("No answer")
    assert moon.full_name in call
    assert "Amlodipin 5 mg" in call
    assert "Tăng huyết áp" in call

    # What is learnt in the call is recorded at once.
    call = call.follow("Drug allergy").press(
        "Record and tell the doctor", agent="Amlodipin 5 mg", reaction="Phù hai chân", severity="moderate"
    )
    call = call.follow("Move the date").press(
        "Move and tell the doctor", due_on=f"{tomorrow:%d/%m/%Y}", at_time="16:00", reason="Cuối tuần về quê"
    )
    assert f"{tomorrow:%d/%m/%Y}" in call
    done = call.press(
        "Finish and take the next",
        health="better",
        experience="good",
        confirmation="confirmed",
        symptoms_after="Hết chóng mặt",
    )
    assert done.status == 200

    # It is in the record.
    coming = Reexamination.objects.get(patient=moon)
    assert (coming.due_on, f"{coming.at_time:%H:%M}", coming.status) == (tomorrow, "16:00", "confirmed")
    assert Allergy.objects.get().patient == moon
    page = physician.open(f"/patients/{moon.pk}/")
    for words in ("Amlodipin 5 mg", "Phù hai chân", f"{tomorrow:%d/%m/%Y}"):
        assert words in page or words in physician.open(f"/patients/{moon.pk}/timeline/"), words

    # The doctor reads it beside the patient, in the order in which they come, until it is marked as seen.
    day = physician.open("/my-patients/")
    assert day.at("Lò Văn Páo") < day.at("Đặng Thị Ánh Nguyệt")
    assert "Phù hai chân" in day
    assert Finding.objects.filter(patient=moon, seen_at__isnull=True).count() >= 2
    seen = day.press("I have seen it")
    assert seen.at("Lò Văn Páo") < seen.at("Đặng Thị Ánh Nguyệt")
    assert not Finding.objects.filter(seen_at__isnull=True).exists()

    # The manager's figures count it.
    figures = boss.open("/care/dashboard/")
    assert "1 trên 2" in figures or "1/2" in figures, figures

    # The same list again changes nothing, not even the date that was moved here.
    work()
    before = _everything()
    again = boss.open("/import/new/")
    source = next(value for value in again.form("Read and check").names if value == "source")
    columns = again.press(
        "Read and check", **{source: str(Entry.objects.get(event="exchange.source:added").subject_id)},
        uploads=_the_hospitals_list(),
    )  # fmt: skip
    reading = columns.press("Read and check")
    work()
    run = boss.open(reading.address)
    assert "Nothing in these files is new or changed, so there is nothing to take in." in run
    assert not run.offers("Take in now")
    assert _everything() == before
