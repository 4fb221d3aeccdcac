"""Who sets re-examination dates, and that every dialog which shows whose they are is a look (B7, D9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.journal.models import Entry
from tests.factories.accounts import MemberFactory
from tests.factories.patients import PatientFactory
from tests.factories.records import (
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
    ReexaminationFactory,
)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def due(site):
    return ReexaminationFactory(patient=PatientFactory(full_name="Nguyễn Thị Hồng"), site=site)


@pytest.fixture
def encounter(due, site, doctor):
    encounter = EncounterFactory(patient=due.patient, site=site, doctor=doctor)
    DiagnosisFactory(encounter=encounter)
    PrescriptionLineFactory(encounter=encounter)
    return encounter


def _looks(member):
    entries = Entry.objects.filter(event="patients.patient:viewed", actor=member).order_by("pk")
    return [entry.detail("look") for entry in entries]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        pytest.param(Role.RECEPTIONIST, 302, id="receptionist"),
        pytest.param(Role.CONSULTANT, 302, id="consultant"),
        pytest.param(Role.DOCTOR, 302, id="doctor"),
        pytest.param(Role.COMPLAINT_OFFICER, 403, id="may-only-read"),
        pytest.param(Role.ASSISTANT, 403, id="assistant"),
    ],
)
def test_who_moves_a_re_examination_date(client, site, due, role, status):
    """B7: the desk answers the phone too; whoever may only read does not move a date."""
    member = MemberFactory(roles=[(role, site)])
    client.force_login(member)
    day = timezone.localdate() + timedelta(days=20)
    was = due.due_on

    response = client.post(
        reverse("records:reexamination-move", args=[due.pk]), {"due_on": f"{day:%d/%m/%Y}"}
    )

    assert response.status_code == status
    due.refresh_from_db()
    assert due.due_on == (day if status == 302 else was)
    moves = Entry.objects.filter(event="records.reexamination:moved", actor=member)
    assert moves.exists() == (status == 302)


def test_a_receptionist_of_another_branch_does_not_move_it(client, other_site, due):
    client.force_login(MemberFactory(roles=[(Role.RECEPTIONIST, other_site)]))

    assert client.get(reverse("records:reexamination-move", args=[due.pk])).status_code == 404


def test_the_patient_page_offers_the_receptionist_to_move_the_date(client, due, receptionist, dung):
    move = reverse("records:reexamination-move", args=[due.pk])
    page = reverse("desk:patient", args=[due.patient_id])

    client.force_login(receptionist)
    assert move in client.get(page).content.decode()
    client.force_login(dung)
    assert move not in client.get(page).content.decode()


def test_where_the_date_is_decides_not_where_one_sits(client, site, other_site, due):
    """The page offers nothing that the dialog would then refuse."""
    member = MemberFactory(
        roles=[(Role.COMPLAINT_OFFICER, site), (Role.RECEPTIONIST, other_site)], current_site=other_site
    )
    client.force_login(member)

    page = client.get(reverse("desk:patient", args=[due.patient_id])).content.decode()

    move = reverse("records:reexamination-move", args=[due.pk])
    assert move not in page
    assert client.get(move).status_code == 404


@pytest.mark.parametrize("name", ["move", "doctor", "cancellation"])
def test_a_dialog_opened_by_itself_is_a_look_and_on_the_patient_page_part_of_it(
    client, due, receptionist, name
):
    """D9: it says whose date it is, so it leaves a trace; what an open page fetches is the same view."""
    client.force_login(receptionist)
    dialog = reverse(f"records:reexamination-{name}", args=[due.pk])

    client.get(dialog)
    client.get(dialog, headers=HTMX)
    assert _looks(receptionist) == ["reexamination"]

    client.get(reverse("desk:patient", args=[due.patient_id]))
    client.get(dialog, headers=HTMX)
    assert _looks(receptionist) == ["reexamination", "patient_page"]


def test_planning_a_date_is_a_look(client, due, receptionist):
    client.force_login(receptionist)

    client.get(reverse("records:reexamination-new", args=[due.patient_id]))

    assert _looks(receptionist) == ["reexamination"]


def test_the_doctors_dialogs_are_looks_too(client, encounter):
    """D9: a diagnosis, a medicine, a visit to strike through, the warnings of the slip: asked for alone."""
    asked = [
        reverse("records:encounter-cancellation", args=[encounter.pk]),
        reverse("records:resolution", args=[encounter.diagnoses.get().pk]),
        reverse("records:stop", args=[encounter.prescription_lines.get().pk]),
        reverse("records:allergy-check", args=[encounter.patient_id, 0]),
    ]
    for address in asked:
        other = MemberFactory(roles=[(Role.DOCTOR, encounter.site)])
        client.force_login(other)
        assert client.get(address).status_code == 200
        assert len(_looks(other)) == 1, address
