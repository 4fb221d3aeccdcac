"""Whoever looks at a record is written down once a view, and the privacy officer can say who it was."""

from __future__ import annotations

import csv
import io

import pytest

from tantam.accounts.permissions import Role
from tantam.care.models import Question
from tantam.care.tests.stories import story_of
from tantam.journal.models import Entry
from tantam.journal.operations import record
from tantam.patients.events import PatientsEvent
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(site):
    """The privacy officer."""
    return MemberFactory(username="baomat", full_name="Nghiêm Thị Tín", roles=[(Role.PRIVACY_OFFICER, site)])


def _looks(member):
    entries = Entry.objects.filter(event=PatientsEvent.VIEWED, actor=member).order_by("pk")
    return [entry.detail("look") for entry in entries]


def test_every_view_is_one_look(visitor, site, doctor, mai, receptionist):
    """D9: a page counts once, with everything it fetches later; another page or another view counts again."""
    story = story_of(site, doctor)
    patient = f"/patients/{story.patient.pk}/"
    desk = visitor(receptionist)

    page = desk.open(patient)
    assert page.status == 200
    # What the open page fetches by itself: its timeline at once, its parts after an act.
    desk.open(f"{patient}timeline/", htmx=True)
    desk.open(f"{patient}summary/", htmx=True)
    assert _looks(receptionist) == ["patient_page"]

    desk.open(patient)
    desk.open(f"{patient}details/")
    desk.open(f"/encounters/{story.encounter.pk}/")
    assert _looks(receptionist) == ["patient_page", "patient_page", "details", "encounter"]

    desk.open(f"{patient}consents/")
    desk.open(f"{patient}details/")
    visitor(mai).open(f"/care/calls/{story.task.pk}/")
    assert _looks(receptionist)[-2:] == ["consents", "details"]
    assert _looks(mai) == ["call"]


def test_nobody_reads_a_record_by_its_parts_without_a_trace(visitor, site, doctor, receptionist):
    """D9: the parts of a page, asked for without the page, are a look."""
    story = story_of(site, doctor)

    visitor(receptionist).open(f"/patients/{story.patient.pk}/summary/", htmx=True)
    visitor(doctor.member).open(f"/patients/{story.patient.pk}/timeline/", htmx=True)

    assert _looks(receptionist) == ["patient_page"]
    assert _looks(doctor.member) == ["timeline"]


def test_finding_somebody_in_a_list_is_no_look_and_the_doctors_day_is_one_a_day(visitor, site, doctor, mai):
    """D9: lists show a name and a hint; the doctor's page refreshes itself and is written down once a day."""
    story_of(site, doctor, in_days=1)
    physician = visitor(doctor.member)

    visitor(mai).open("/care/")
    visitor(mai).open("/search/?q=hang")
    for _time in range(3):
        physician.open("/my-patients/")

    assert _looks(mai) == []
    assert _looks(doctor.member) == ["doctor_day"]


def test_the_privacy_officer_says_who_looked_and_gives_it_out(visitor, site, doctor, officer, receptionist):
    """A10, D9: by whom, when, from which page; the file cannot run anything in a spreadsheet."""
    story = story_of(site, doctor)
    sly = MemberFactory(
        username="sly", full_name='=HYPERLINK("x")', job_title="+84", roles=[(Role.CARE_AGENT, site)]
    )
    visitor(sly).open(f"/patients/{story.patient.pk}/")
    visitor(receptionist).open(f"/patients/{story.patient.pk}/details/")
    looks = f"/patients/{story.patient.pk}/looks/"
    assert visitor(receptionist).open(looks).status == 403

    eye = visitor(officer)
    page = eye.open(looks)
    assert receptionist.full_name in page
    assert sly.full_name in page
    eye.open(f"{looks}?who={receptionist.pk}", htmx=True)
    assert _looks(officer) == ["looks"], "narrowing the list is the same view"

    file = eye.open(f"{looks}file/")
    assert "attachment" in file.response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(file.body.decode("utf-8-sig"))))
    assert {row[1] for row in rows[1:]} >= {receptionist.full_name, "'" + sly.full_name}
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)

    # The journal says that the list was given out, and nobody can change what it says.
    assert Entry.objects.filter(actor=officer, patient_id=story.patient.pk).count() >= 2


def test_the_journal_is_readable_whatever_an_act_noted(visitor, site, officer):
    """D9: a check of files notes how many “items” there were; the page lists it like any other detail."""
    record("exchange.run:checked", site, actor=None, items=41_207)

    page = visitor(officer).open("/journal/")

    assert page.status == 200
    assert "41207" in page


def test_pages_of_the_care_desk_about_one_patient_are_looks(visitor, site, doctor, mai, manager):
    """D9: a question to answer, a contact to assign or close; each says whom it is about."""
    story = story_of(site, doctor)
    question = Question.objects.create(patient=story.patient, site=site, text="Có lái xe được không?")

    visitor(mai).open(f"/care/questions/{question.pk}/answer/")
    lead = visitor(manager)
    lead.open(f"/care/tasks/{story.task.pk}/")
    lead.open(f"/care/tasks/{story.task.pk}/")

    assert _looks(mai) == ["question"]
    assert _looks(manager) == ["care_task", "care_task"]
