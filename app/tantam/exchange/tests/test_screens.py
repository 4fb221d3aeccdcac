"""Bringing files in from the screen (B5): matching columns, the dry run, taking in, downloads, who may."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tantam.exchange.engine.running import apply, read_and_check
from tantam.exchange.models import ImportRun, RunState, Source
from tantam.journal.models import Entry
from tantam.patients.models import Patient
from tests.proof import sign_in

SHEET = "Họ tên;Ngày sinh;Số máy;Hẹn\nNguyễn Thị Hằng;05/03/1985;0912345678;24/11/2026\n=Trần;31/02/1990;0912345679;\n"


@pytest.fixture
def uploaded(client, manager, site):
    sign_in(client, manager)

    def upload(content=SHEET, name="benh nhan.csv", **data):
        file = SimpleUploadedFile(name, content.encode())
        return client.post(
            reverse("exchange:new"), {"name": "HIS", "site": site.pk, "uploads": [file], **data}
        )

    return upload


def test_sheets_show_their_columns_before_anything_is_read(client, uploaded):
    response = uploaded()

    run = ImportRun.objects.get()
    assert response.headers["Location"] == reverse("exchange:columns", args=[run.pk])
    page = client.get(response.headers["Location"]).content.decode()
    assert "Nguyễn Thị Hằng" in page
    assert '<option value="full_name" selected>' in page
    assert run.state == RunState.RECEIVED


def test_a_corrected_match_is_used_and_remembered(client, uploaded):
    uploaded()
    run = ImportRun.objects.get()
    meant = {
        "sheet-0-0": "full_name",
        "sheet-0-1": "birth",
        "sheet-0-2": "phone",
        "sheet-0-3": "reexamination",
    }

    client.post(reverse("exchange:columns", args=[run.pk]), meant)
    read_and_check(run.pk)
    client.post(reverse("exchange:step", args=[run.pk]), {"what": "apply"})
    apply(run.pk)

    patient = Patient.objects.get()
    assert patient.contact_points.count() == 1
    assert f"{patient.reexaminations.get().due_on:%d/%m/%Y}" == "24/11/2026"
    (remembered,) = Source.objects.get().columns.values()
    assert remembered["Số máy"] == "phone"


def test_one_meaning_for_two_columns_is_refused_and_the_choice_kept(client, uploaded):
    uploaded()
    run = ImportRun.objects.get()

    response = client.post(
        reverse("exchange:columns", args=[run.pk]),
        {"sheet-0-0": "full_name", "sheet-0-2": "phone", "sheet-0-3": "phone"},
    )

    assert response.status_code == 422
    assert response.content.decode().count('<option value="phone" selected>') == 2
    assert ImportRun.objects.get().state == RunState.RECEIVED


def test_refusals_can_be_downloaded_with_row_column_value_and_reason(client, uploaded):
    uploaded()
    run = ImportRun.objects.get()
    client.post(reverse("exchange:columns", args=[run.pk]), {"sheet-0-0": "full_name", "sheet-0-1": "birth"})
    read_and_check(run.pk)

    page = client.get(reverse("exchange:run", args=[run.pk])).content.decode()
    file = b"".join(client.get(reverse("exchange:refusals", args=[run.pk])).streaming_content).decode()

    assert "31/02/1990" in page
    assert "benh nhan.csv,3," in file
    assert "31/02/1990" in file
    assert "\n=" not in file
    seen, saved = Entry.objects.filter(event__startswith="exchange.import:remarks").order_by("pk")
    assert (seen.event, saved.event) == ("exchange.import:remarks-seen", "exchange.import:remarks-saved")
    assert seen.subject_id == saved.subject_id == run.pk
    assert seen.details["count"] == saved.details["count"] > 0


def test_a_new_source_needs_a_name_and_what_was_chosen_stays(client, uploaded):
    response = uploaded(name="x.csv")
    assert response.status_code == 302
    response = client.post(reverse("exchange:new"), {"name": ""})

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("manager", 200, id="may"),
        pytest.param("mai", 403, id="may-not"),
        pytest.param("oscar", 403, id="nobody"),
    ],
)
def test_who_may_import(request, client, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("exchange:runs")).status_code == status


def test_an_import_of_another_site_is_not_there(client, uploaded, other_site):
    from tantam.accounts.permissions import Role
    from tests.factories.accounts import MemberFactory

    uploaded()
    run = ImportRun.objects.get()
    client.force_login(MemberFactory(roles=[(Role.MANAGER, other_site)]))

    assert client.get(reverse("exchange:run", args=[run.pk])).status_code == 404
