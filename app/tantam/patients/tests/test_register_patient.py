"""Registering a patient (B1, E1, D2, A8, A9)."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from tantam.journal.models import Entry
from tantam.lib.dates import Birth, BirthInFuture
from tantam.lib.identity import CitizenNumberInvalid
from tantam.lib.phones import PhoneInvalid
from tantam.patients.errors import EmailInvalid, IdentityNumberHeld, LikelyDuplicates, NameNeeded
from tantam.patients.models import ContactPoint, Patient, PatientStatus, Relative
from tantam.patients.operations import mark_active, mark_deceased, register_patient
from tantam.patients.rules.details import NewContactPoint, NewRelative, PersonDetails
from tantam.patients.rules.keys import contact_keys, identity_index
from tests.factories.patients import ContactPointFactory, PatientFactory

pytestmark = pytest.mark.django_db


def phone(number: str, **more: str) -> NewContactPoint:
    return NewContactPoint("phone", number, **more)


def test_a_patient_gets_a_code_with_the_organisations_prefix(receptionist, organisation):
    organisation.patient_code_prefix = "HN-"
    organisation.save(update_fields=["patient_code_prefix"])

    first = register_patient(PersonDetails("Trần Thị Bưởi"), actor=receptionist)
    second = register_patient(PersonDetails("Lý Văn Cam"), actor=receptionist)

    assert first.code.startswith("HN-")
    assert len(first.code) == len("HN-000123")
    assert int(second.code[3:]) > int(first.code[3:])


def test_a_code_that_came_with_an_import_is_passed_over(receptionist, organisation):
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM patients_code")
        (last,) = cursor.fetchone()
    taken = {f"BN-{number:06d}" for number in range(last, last + 4)}
    for code in taken:
        PatientFactory(code=code)

    assert register_patient(PersonDetails("Trần Thị Bưởi"), actor=receptionist).code not in taken


def test_everything_on_the_slip_is_kept(receptionist, site):
    """B1: one slip, one act."""
    patient = register_patient(
        PersonDetails(
            full_name="  nguyễn   thị hồng hạnh ",
            birth=Birth(1960),
            sex="female",
            identity_number="087 160 000 999",
            insurance_number="GD4797912345678",
            province="Tỉnh Đồng Tháp",
            commune="Phường Cao Lãnh",
            address_line="Số 5, ấp 2",
            vulnerability=("hearing", "frail"),
            notes="Nói to, chậm.",
        ),
        contact_points=[
            phone("0912.345.678"),
            phone("+84 987 654 321"),
            NewContactPoint("email", "Hanh@Example.VN"),
        ],
        relatives=[NewRelative("Trần Văn Con", "child", True, "0166 234 5678")],
        home_site=site,
        actor=receptionist,
    )
    patient.refresh_from_db()

    assert patient.full_name == "Nguyễn Thị Hồng Hạnh"
    assert (patient.birth_year, patient.birth_date) == (1960, None)
    assert patient.identity_number == "087160000999"
    assert patient.vulnerability == ["frail", "hearing"]
    points = {
        (point.kind, point.value, point.owner, point.is_preferred) for point in patient.contact_points.all()
    }
    assert points == {
        ("phone", "+84912345678", "self", True),
        ("phone", "+84987654321", "self", False),
        ("email", "hanh@example.vn", "self", True),
        ("phone", "+84362345678", "child", False),
    }
    relative = patient.relatives.get()
    assert relative.is_guardian
    assert relative.contact_point is not None
    assert relative.contact_point.value == "+84362345678"


def test_the_journal_holds_codes_and_no_names(receptionist):
    patient = register_patient(
        PersonDetails("Trần Thị Bưởi"), contact_points=[phone("0912345678")], actor=receptionist
    )

    entry = Entry.objects.get(event="patients.patient:registered")

    assert entry.patient_id == patient.pk
    assert "Bưởi" not in str(entry.details)
    assert "912345678" not in str(entry.details)


@pytest.mark.parametrize(
    ("details", "points", "refusal"),
    [
        pytest.param(PersonDetails("   "), [], NameNeeded, id="no-name"),
        pytest.param(PersonDetails("12345"), [], NameNeeded, id="a-number-for-a-name"),
        pytest.param(PersonDetails("An", identity_number="12"), [], CitizenNumberInvalid, id="bad-card"),
        pytest.param(PersonDetails("An"), [NewContactPoint("phone", "12ab")], PhoneInvalid, id="bad-phone"),
        pytest.param(
            PersonDetails("An"),
            [
                NewContactPoint("email", "an@"),
            ],
            EmailInvalid,
            id="bad-email",
        ),
        pytest.param(
            PersonDetails("An", birth=Birth(timezone.localdate().year + 1)),
            [],
            BirthInFuture,
            id="not-born-yet",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_half_written(receptionist, details, points, refusal):
    with pytest.raises(refusal):
        register_patient(details, contact_points=points, actor=receptionist)

    assert not Patient.objects.exists()
    assert not ContactPoint.objects.exists()


def test_a_birth_tomorrow_is_refused(receptionist):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(BirthInFuture):
        register_patient(PersonDetails("An", birth=Birth(tomorrow.year, tomorrow)), actor=receptionist)


def test_an_identity_number_held_by_an_active_patient_is_refused_with_their_name(receptionist):
    holder = register_patient(PersonDetails("Lê Văn Tám", identity_number="087084000999"), actor=receptionist)

    with pytest.raises(IdentityNumberHeld) as refused:
        register_patient(
            PersonDetails("Người Khác", identity_number="087084000999"),
            is_another_person=True,
            actor=receptionist,
        )

    assert refused.value.patient_id == holder.pk
    assert holder.code in str(refused.value)
    assert refused.value.field == "identity_number"


def test_a_number_may_be_issued_again_once_its_holder_is_not_active(receptionist):
    holder = register_patient(PersonDetails("Lê Văn Tám", identity_number="087084000999"), actor=receptionist)
    mark_deceased(holder, actor=receptionist)

    register_patient(
        PersonDetails("Người Khác", identity_number="087084000999"),
        is_another_person=True,
        actor=receptionist,
    )

    with pytest.raises(IdentityNumberHeld):
        mark_active(holder, actor=receptionist)


def test_the_database_itself_keeps_an_identity_number_unique_among_active(db):
    from django.db import IntegrityError

    index = identity_index("087084000999")
    PatientFactory(identity_index=index)
    PatientFactory(identity_index=index, status=PatientStatus.DECEASED)

    with pytest.raises(IntegrityError):
        PatientFactory(identity_index=index)


def test_someone_very_like_has_to_be_called_another_person(receptionist):
    """A9: never a second record by accident; never a refusal without a way on."""
    known = register_patient(
        PersonDetails("Trần Thị Bưởi", birth=Birth(1985)),
        contact_points=[phone("0912345678")],
        actor=receptionist,
    )

    with pytest.raises(LikelyDuplicates) as refused:
        register_patient(PersonDetails("Tran Thi Buoi", birth=Birth(1985)), actor=receptionist)
    other = register_patient(
        PersonDetails("Tran Thi Buoi", birth=Birth(1985)), is_another_person=True, actor=receptionist
    )

    assert [one.patient.id for one in refused.value.found] == [known.pk]
    assert other.pk != known.pk
    assert Entry.objects.get(event="patients.patient:registered_despite_likeness").details == {
        "alike": [known.pk]
    }


def test_a_family_may_share_a_phone(receptionist):
    """B1: the phone alone warns, it does not stand in the way."""
    register_patient(PersonDetails("Trần Thị Bưởi"), contact_points=[phone("0912345678")], actor=receptionist)

    child = register_patient(
        PersonDetails("Lê Gia Bảo"), contact_points=[phone("0912345678", owner="mother")], actor=receptionist
    )

    assert child.contact_points.get().owner == "mother"


def test_the_same_form_sent_twice_makes_one_patient(receptionist):
    key = uuid4()
    first = register_patient(PersonDetails("Trần Thị Bưởi"), form_key=key, actor=receptionist)

    again = register_patient(PersonDetails("Trần Thị Bưởi"), form_key=key, actor=receptionist)

    assert again == first
    assert Patient.objects.count() == 1
    assert Entry.objects.filter(event="patients.patient:registered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_patient(receptionist):
    key, made, failed = uuid4(), [], []

    def press() -> None:
        try:
            made.append(register_patient(PersonDetails("Trần Thị Bưởi"), form_key=key, actor=receptionist).pk)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert len(set(made)) == 1
    assert Patient.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_desks_cannot_give_one_identity_number_to_two_patients(receptionist):
    outcomes = []
    start = threading.Barrier(2)

    def register(name: str) -> None:
        start.wait()
        try:
            register_patient(PersonDetails(name, identity_number="087084000999"), actor=receptionist)
            outcomes.append("made")
        except IdentityNumberHeld:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=[name]) for name in ("Lê Văn Tám", "Phạm Thị Chín")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["made", "refused"]
    assert Patient.objects.count() == 1


def test_nothing_that_names_a_person_lies_open_in_the_tables(receptionist):
    """A10: identity, insurance, contact points and notes are encrypted."""
    register_patient(
        PersonDetails("Trần Thị Bưởi", identity_number="087084000999", notes="Rất lo lắng"),
        contact_points=[phone("0912345678")],
        actor=receptionist,
    )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(identity_number, 'escape'), encode(notes, 'escape') FROM patients_patient"
        )
        identity, notes = cursor.fetchone()
        cursor.execute("SELECT encode(value, 'escape') FROM patients_contactpoint")
        (value,) = cursor.fetchone()

    assert "087084000999" not in identity
    assert "lo l" not in notes
    assert "912345678" not in value


def test_factories_and_acts_compute_the_same_keys(receptionist):
    patient = register_patient(
        PersonDetails("Trần Thị Bưởi", identity_number="087084000999"),
        contact_points=[phone("0912345678")],
        actor=receptionist,
    )
    patient.delete()
    twin = PatientFactory(full_name="Trần Thị Bưởi", identity_number="087084000999")
    point = ContactPointFactory(patient=twin, raw="0912345678")

    assert (twin.name_key, twin.name_key_reversed) == ("tran thi buoi", "buoi thi tran")
    assert twin.identity_index == identity_index("087084000999")
    assert point.tail_index == contact_keys("phone", "+84912345678").tail_index
    assert Relative.objects.count() == 0
