"""Days on which things go wrong: a clear message, nothing half-written, nothing lost."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from urllib.parse import quote_plus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tantam.accounts.operations.members import deactivate, reactivate
from tantam.accounts.permissions import Role
from tantam.care.models import Conversation
from tantam.care.tests.stories import story_of
from tantam.exchange.models import ImportRun, RunState
from tantam.patients.models import Patient
from tantam.records.models import Reexamination
from tests.factories.accounts import PASSWORD, MemberFactory
from tests.factories.patients import PatientFactory
from tests.factories.records import ReexaminationFactory

WALK_IN = {
    "full_name": "Phùng Thị Sáu",
    "born": "1957",
    "phones-0-phone": "0938 111 222",
    "notes": "Đi xe lăn, con gái đưa đến",
}


@pytest.mark.django_db
def test_the_session_ends_while_a_slip_is_being_filled_in(visitor, site):
    """Bad input: nothing is registered, the page stays, and the same press counts after signing in again."""
    member = MemberFactory(username="lan", roles=[(Role.RECEPTIONIST, site)], typed_password=PASSWORD)
    desk = visitor(member)
    slip = desk.open("/patients/new/")
    desk.lose_session()

    fragment = slip.press("Register", htmx=True, **WALK_IN)
    assert fragment.status == 401
    assert fragment.response.headers["HX-Trigger"] == "signed-out"
    assert fragment.body == b"", "nothing to swap in: the page stays as it is, with what was typed"

    sign_in = slip.press("Register", **WALK_IN)
    assert sign_in.address.startswith("/account/login/")
    assert sign_in.address.endswith(quote_plus("/patients/new/"))
    assert not Patient.objects.exists()

    sign_in.press("Sign in", login="lan", password=PASSWORD)
    registered = slip.press("Register", htmx=True, **WALK_IN)
    patient = Patient.objects.get()
    assert (registered.status, patient.notes) == (200, WALK_IN["notes"])
    assert registered.response.headers["HX-Redirect"] == f"/patients/{patient.pk}/"


@pytest.mark.django_db
def test_a_page_left_open_over_a_sign_in_says_so(visitor, site):
    """Bad input: without scripts the old page's token is refused, in words and without losing the way back."""
    member = MemberFactory(username="lan", roles=[(Role.RECEPTIONIST, site)], typed_password=PASSWORD)
    desk = visitor(member)
    slip = desk.open("/patients/new/")
    desk.lose_session()
    desk.open("/patients/").press("Sign in", login="lan", password=PASSWORD)

    refused = slip.press("Register", **WALK_IN)

    assert refused.status == 403
    assert "This page was open too long" in refused
    assert not Patient.objects.exists()


@pytest.mark.django_db
def test_one_patient_is_corrected_in_two_tabs(visitor, receptionist):
    """A8: the second to save is told what the first changed; what they typed stays, and counts when saved again."""
    patient = PatientFactory(full_name="Hồ Thị Nụ", province="Gia Lai")
    desk = visitor(receptionist)
    first = desk.open(f"/patients/{patient.pk}/details/person/")
    second = desk.open(f"/patients/{patient.pk}/details/person/")

    first.press("Save", address_line="5 Hùng Vương")
    told = second.press("Save", full_name="Hồ Thị Nụ Hoa", notes="Gọi sau 17 giờ")

    assert told.status == 422
    assert "Địa chỉ" in told or "Số nhà" in told, told
    kept = told.form("Save").values
    assert (kept["full_name"], kept["notes"]) == (["Hồ Thị Nụ Hoa"], ["Gọi sau 17 giờ"])
    patient.refresh_from_db()
    assert (patient.full_name, patient.address_line) == ("Hồ Thị Nụ", "5 Hùng Vương")

    told.press("Save", address_line="5 Hùng Vương")
    patient.refresh_from_db()
    assert (patient.full_name, patient.address_line) == ("Hồ Thị Nụ Hoa", "5 Hùng Vương")


@pytest.mark.django_db
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_slip_sent_twice_registers_one_patient(visitor, receptionist, htmx):
    """B1: an impatient second press, or a connection that answered too late, leads to the same patient."""
    slip = visitor(receptionist).open("/patients/new/")

    once, twice = (slip.press("Register", htmx=htmx, **WALK_IN) for _time in range(2))

    patient = Patient.objects.get()
    for answer in (once, twice):
        to = answer.response.headers["HX-Redirect"] if htmx else answer.address
        assert to == f"/patients/{patient.pk}/"


@pytest.mark.django_db
def test_a_reexamination_is_moved_in_two_tabs(visitor, site, doctor, mai):
    """B7: the date somebody else has just agreed with the patient is not written over unseen."""
    today = timezone.localdate()
    coming = ReexaminationFactory(site=site, doctor=doctor, in_days=5)
    first, second = (
        visitor(member).open(f"/reexaminations/{coming.pk}/date/") for member in (doctor.member, mai)
    )
    by_doctor, by_agent = (today + timedelta(days=days) for days in (8, 12))

    first.press("Move", due_on=f"{by_doctor:%d/%m/%Y}")
    told = second.press("Move", due_on=f"{by_agent:%d/%m/%Y}", reason="Con cưới")

    assert told.status == 422
    assert f"{by_doctor:%d/%m/%Y}" in told
    assert told.form("Move").values["reason"] == ["Con cưới"]
    assert Reexamination.objects.get().due_on == by_doctor
    told.press("Move")
    assert Reexamination.objects.get().due_on == by_agent


@pytest.mark.django_db
def test_in_a_call_too_the_date_of_somebody_else_is_seen_first(visitor, site, doctor, mai):
    """B7: the doctor moves the date while the agent speaks with the patient."""
    today = timezone.localdate()
    story = story_of(site, doctor)
    form = visitor(mai).open(f"/care/calls/{story.task.pk}/").follow("Move the date")
    by_doctor, by_agent = (today + timedelta(days=days) for days in (8, 12))
    visitor(doctor.member).open(f"/reexaminations/{story.reexamination.pk}/date/").press(
        "Move", due_on=f"{by_doctor:%d/%m/%Y}"
    )

    told = form.press("Move and tell the doctor", due_on=f"{by_agent:%d/%m/%Y}")

    assert f"{by_doctor:%d/%m/%Y}" in told
    assert Reexamination.objects.get().due_on == by_doctor
    told.press("Move and tell the doctor")
    assert Reexamination.objects.get().due_on == by_agent


@pytest.mark.django_db
def test_access_ends_in_the_middle_of_a_call(visitor, site, doctor):
    """D9: nothing is recorded in the name of somebody who may no longer; given back, the same page counts."""
    administrator = MemberFactory(username="quantri", roles=[(Role.ADMINISTRATOR, site)])
    agent = MemberFactory(username="tam", roles=[(Role.CARE_AGENT, site)], typed_password=PASSWORD)
    story = story_of(site, doctor)
    caller = visitor()
    caller.open("/care/").press("Sign in", login="tam", password=PASSWORD)
    call = caller.open(f"/care/calls/{story.task.pk}/")
    deactivate(agent, actor=administrator)

    answer = call.press("Finish and take the next", htmx=True, health="better", note="Đỡ đau nhiều")

    assert answer.status == 401
    assert not Conversation.objects.exists()
    assert "/account/login/" in caller.open("/care/").address

    reactivate(agent, actor=administrator)
    caller.open("/care/").press("Sign in", login="tam", password=PASSWORD)
    call.press("Finish and take the next", htmx=True, health="better", note="Đỡ đau nhiều")
    assert Conversation.objects.get().note == "Đỡ đau nhiều"


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lon.csv", b"0" * 300_000_000)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("gay.xlsx", b"PK\x03\x04 this is no workbook", id="not-a-workbook"),
        pytest.param("cut.json", b'{"resourceType": "Bundle", "entry": [{"resource": {"reso', id="cut-off"),
        pytest.param("trong.csv", b"", id="empty"),
        pytest.param("anh.csv", bytes(range(256)) * 40, id="not-text"),
        pytest.param("bom.zip", None, id="zip-bomb"),
    ],
)
def test_an_upload_that_is_broken(visitor, work, manager, name, content):
    """B5, bad input: the page says what is wrong with the file; nothing is written, and the next file works."""
    boss = visitor(manager)
    broken = SimpleUploadedFile(name, _bomb() if content is None else content)

    page = boss.open("/import/new/").press("Read and check", name="Sổ cũ", uploads=broken)
    assert page.status == (200 if content != b"" else 422)
    if "columns" in page.address:
        page = page.press("Read and check")
    if run := ImportRun.objects.first():
        work()
        page = boss.open(f"/import/{run.pk}/")
        run.refresh_from_db()
        assert run.state in (RunState.CHECKED, RunState.FAILED), run.state
        assert not page.offers("Take in now")
        assert name in page
    assert not Patient.objects.exists()

    good = SimpleUploadedFile("tot.csv", "Họ và tên;Năm sinh;SĐT\nVừ A Dính;1934;0912345678\n".encode())
    columns = boss.open("/import/new/").press("Read and check", name="Sổ mới", uploads=good)
    checked = columns.press("Read and check")
    work()
    boss.open(checked.address).press("Take in now")
    work()
    assert Patient.objects.get().full_name == "Vừ A Dính"
