"""The demonstration is lifelike, whole, and the same at every start."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, Q

from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Role
from tantam.care.models import CallAttempt, CareTask, Conversation, Finding, TaskStatus
from tantam.care.planner.runs import plan_all
from tantam.demo import load as loading
from tantam.demo.days import ZONE, Days
from tantam.demo.load import NotADemonstration, invent, load, loaded
from tantam.demo.logins import current_code, table
from tantam.demo.staff import PASSWORD, SEES, STAFF, first_of
from tantam.demo.tables import digest_of
from tantam.facility.models import Site
from tantam.facility.queries import forget_cached
from tantam.journal.models import BellItem, Entry
from tantam.lib.phones import parse_phone
from tantam.patients.models import ContactPoint, Patient
from tantam.patients.queries.search import search_patients
from tantam.records.models import Encounter, Reexamination
from tests.factories.accounts import MemberFactory

WEDNESDAY = date(2026, 9, 16)
PATIENTS = 250

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker):
    """One load for all these tests, around the transactions of each and gone after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(patients=PATIENTS, today=WEDNESDAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def hospital(loaded_once, db):
    forget_cached()


def test_the_same_hospital_at_every_start():
    digests = {digest_of(invent(120, WEDNESDAY).world.all_tables()) for _run in range(2)}
    assert len(digests) == 1


def test_a_real_hospital_is_never_mixed_with_invented_people():
    MemberFactory()

    with pytest.raises(NotADemonstration):
        load(patients=PATIENTS, today=WEDNESDAY)

    assert not Patient.objects.exists()


def test_a_load_that_breaks_off_leaves_nothing(monkeypatch):
    def breaks_off(**_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "plan_all", breaks_off)

    with pytest.raises(KeyboardInterrupt):
        load(patients=PATIENTS, today=WEDNESDAY)

    assert not Member.objects.exists()
    assert loaded() is None


def test_only_a_demonstration_is_filled(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="TANTAM_DEMO=1"):
        call_command("demo_data")


@pytest.mark.parametrize("today", [date(2026, 2, 18), date(2026, 11, 22), date(2028, 2, 29)])
def test_it_can_be_any_day(today):
    """In the middle of Tết, on a Sunday, on 29 February."""
    world = invent(80, today).world
    assert not [row for row in world.encounters.rows if row["started_at"].date() >= today]
    assert all(
        Days(today).is_open(row["due_on"])
        for row in world.reexaminations.rows
        if row["due_on"] > today + timedelta(1)
    )


def test_a_second_load_changes_nothing(hospital):
    before = Entry.objects.count()

    again = load(patients=9_999)

    assert (again.patients, again.is_new) == (PATIENTS, False)
    assert Entry.objects.count() == before


def test_everyone_who_works_here_can_sign_in(hospital):
    assert Member.objects.count() == len(STAFF) == 47
    assert {
        role for member in Member.objects.all() for roles in member.roles_by_site.values() for role in roles
    } == set(Role)
    assert Member.objects.get(username="mai.cskh").check_password(PASSWORD)
    assert Site.objects.count() == 3
    assert {person.role for person in map(first_of, SEES)} == set(Role)


def test_who_needs_a_second_factor_has_one(hospital):
    assert all(
        (current_code(person.username) is not None) == person.role.needs_second_factor for person in STAFF
    )
    code = current_code("quantri") or ""
    assert len(code) == 6
    assert code.isdecimal()
    assert "mai.cskh" in table()


def test_rows_agree_with_one_another(hospital):
    ends = Encounter.objects.filter(ended_at__lte=F("started_at"))
    of_another = Encounter.objects.filter(~Q(diagnoses__patient=F("patient")) | Q(diagnoses__isnull=True))
    unseen = Patient.objects.filter(Q(last_encounter_on__isnull=True) | Q(contact_points__isnull=True))
    late = Reexamination.objects.filter(met_by__started_at__lte=F("encounter__started_at"))
    strangers = CareTask.objects.exclude(encounter__patient=F("patient"))

    for wrong in (ends, of_another, unseen, late, strangers):
        assert not wrong.exists()
    assert Conversation.objects.count() == CareTask.objects.filter(status="done", action="call").count()
    assert not CallAttempt.objects.filter(
        made_at__gte=datetime.combine(WEDNESDAY, time(0), tzinfo=ZONE)
    ).exists()
    assert (
        not Entry.objects.filter(patient_id__isnull=False)
        .exclude(patient_id__in=Patient.objects.values("pk"))
        .exists()
    )
    assert list(Patient.objects.order_by("created_at").values_list("code", flat=True)[:2]) == [
        "BN-000001",
        "BN-000002",
    ]


def test_rows_are_numbered_in_the_order_of_time(hospital):
    moments = list(Entry.objects.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)


def test_patients_are_lifelike(hospital):
    ages = [patient.age_on(WEDNESDAY) for patient in Patient.objects.all()]
    assert sum(age < 16 for age in ages) > PATIENTS * 0.06
    assert sum(age > 65 for age in ages) > PATIENTS * 0.06
    assert 2 <= Encounter.objects.count() / PATIENTS <= 3.6
    assert 0.03 <= Patient.objects.filter(allergies__isnull=False).distinct().count() / PATIENTS <= 0.12
    family_names = Counter(name.split()[0] for name in Patient.objects.values_list("full_name", flat=True))
    assert family_names.most_common(1)[0][0] == "Nguyễn"
    for point in ContactPoint.objects.filter(kind="phone"):
        assert parse_phone(point.value).e164 == point.value
    children = Patient.objects.filter(birth_year__gt=WEDNESDAY.year - 12)
    assert not children.filter(contact_points__owner="self").exists()
    assert not children.exclude(relatives__is_guardian=True).exists()


def test_patients_are_found(hospital):
    patient = Patient.objects.order_by("id")[7]
    found = [one.id for one in search_patients(patient.name_key, limit=50).patients]
    assert patient.pk in found
    point = ContactPoint.objects.filter(kind="phone").order_by("id")[20]
    assert point.patient_id in [one.id for one in search_patients(point.value, limit=50).patients]


def test_work_waits_today(hospital):
    """B4, B6: due and overdue contacts at every site, some tried in vain, some for a supervisor."""
    open_calls = CareTask.objects.filter(status=TaskStatus.OPEN, action="call", site__code="sai-gon")
    assert open_calls.filter(due_on=WEDNESDAY).exists()
    assert open_calls.filter(due_on__lt=WEDNESDAY).exists()
    assert open_calls.filter(due_on__gt=WEDNESDAY).exists()
    assert CareTask.objects.filter(status=TaskStatus.OPEN, attempts__gt=0).exists()
    assert not CareTask.objects.filter(claimed_by__isnull=False).exists()


def test_doctors_have_patients_today_and_something_to_read(hospital):
    """B9."""
    coming = Reexamination.objects.open().filter(due_on__in=(WEDNESDAY, WEDNESDAY + timedelta(days=1)))
    doctors = Practitioner.objects.filter(member__isnull=False)
    assert not doctors.exclude(reexaminations__in=coming).exists() or coming.count() >= len(doctors)
    assert Finding.objects.filter(seen_at__isnull=True, patient__reexaminations__in=coming).exists()
    assert BellItem.objects.filter(read_at__isnull=True).exists()


def test_the_planner_has_nothing_left_to_do(hospital):
    """What the demonstration says was planned until yesterday is what the planner would have planned."""
    assert not plan_all(today=WEDNESDAY)


def test_overdue_contacts_are_those_the_planner_had_made(hospital):
    def natural(tasks):
        return set(tasks.values_list("rule", "source_kind", "source_id", "anchor_on", "due_on", "site", "speciality",
                                     "encounter", "reexamination", "doctor", "priority", "assigned_role"))  # fmt: skip

    since = WEDNESDAY - timedelta(days=4)
    left = CareTask.objects.filter(
        status=TaskStatus.OPEN, due_on__lt=WEDNESDAY, due_on__gte=since, rule__isnull=False
    )
    written = natural(left)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE care_caretask CASCADE")

    plan_all(today=since)

    assert written
    assert written <= natural(CareTask.objects.all())
