"""The pages about who patients are, over HTTP."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tantam.journal.models import Entry
from tantam.patients.operations import correct_patient
from tests.factories.patients import ContactPointFactory, PatientFactory, RelativeFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def patient(site):
    patient = PatientFactory(
        full_name="Trần Thị Bưởi", birth_year=1985, phone="0912345678", identity_number="087185000999"
    )
    RelativeFactory(patient=patient, full_name="Lê Văn Cha")
    return patient


# --- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("mai", 200, id="may"),
        pytest.param("dung", 200, id="may-only-read"),
        pytest.param("hoa", 200, id="other-branch-one-directory"),
        pytest.param("oscar", 403, id="nobody"),
    ],
)
def test_the_directory_is_one_for_all_sites(request, client, patient, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("patients:details", args=[patient.pk])).status_code == status


@pytest.mark.parametrize("name", ["details", "person", "history", "status", "contact-points", "relatives"])
def test_a_patient_who_is_not_there_is_not_found(client, mai, name):
    client.force_login(mai)

    assert client.get(reverse(f"patients:{name}", args=[987_654])).status_code == 404


def test_a_contact_point_of_another_patient_is_not_found(client, mai, patient):
    stranger = ContactPointFactory(patient=PatientFactory())
    client.force_login(mai)

    assert client.get(reverse("patients:contact-point", args=[patient.pk, stranger.pk])).status_code == 404


@pytest.mark.parametrize("name", ["person", "status", "contact-points", "relatives"])
def test_who_may_only_read_cannot_correct(client, dung, patient, name):
    client.force_login(dung)

    assert client.post(reverse(f"patients:{name}", args=[patient.pk]), {}).status_code == 403


# --- finding ---------------------------------------------------------------------------------------


def test_the_find_page_shows_whom_i_opened_last(client, mai, patient):
    client.force_login(mai)
    client.get(reverse("patients:details", args=[patient.pk]))

    page = client.get(reverse("patients:find")).content.decode()

    assert "Trần Thị Bưởi" in page
    assert "…678" in page


def test_results_come_as_a_fragment_while_typing(client, mai, patient):
    client.force_login(mai)

    answer = client.get(reverse("patients:find"), {"q": "buoi tran"}, headers=HTMX)

    assert answer.content.decode().lstrip().startswith("<section")
    assert "<mark>Bưởi</mark>" in answer.content.decode()


def test_nobody_found_offers_to_register_with_the_name_typed(client, receptionist):
    client.force_login(receptionist)

    page = client.get(reverse("patients:find"), {"q": "Hoàng Đình"}).content.decode()

    assert "typed=Ho%C3%A0ng" in page
    assert (
        'value="Hoàng Đình"'
        in client.get(reverse("patients:register"), {"typed": "Hoàng Đình"}).content.decode()
    )


def test_the_find_page_needs_few_questions(client, mai, patient, django_assert_max_num_queries):
    client.force_login(mai)
    client.get(reverse("patients:find"), {"q": "buoi"})

    with django_assert_max_num_queries(8):
        client.get(reverse("patients:find"), {"q": "buoi"})


# --- details ---------------------------------------------------------------------------------------


def test_a_look_is_noted_once_a_view(client, mai, patient):
    """D9: who, which page."""
    client.force_login(mai)

    client.get(reverse("patients:details", args=[patient.pk]))

    look = Entry.objects.get(event="patients.patient:viewed")
    assert (look.actor, look.patient_id, look.detail("look")) == (mai, patient.pk, "details")


def test_identity_numbers_are_masked_until_asked_and_asking_is_noted(client, receptionist, patient):
    client.force_login(receptionist)

    masked = client.get(reverse("patients:details", args=[patient.pk])).content.decode()
    shown = client.post(reverse("patients:numbers", args=[patient.pk]), headers=HTMX).content.decode()

    assert "087185000999" not in masked
    assert "•••••••••999" in masked
    assert "087185000999" in shown
    assert Entry.objects.filter(event="patients.patient:viewed", details__look="identity").count() == 1


def test_who_may_not_see_identity_numbers_sees_only_that_there_is_one(client, mai, patient):
    client.force_login(mai)

    page = client.get(reverse("patients:details", args=[patient.pk])).content.decode()

    assert "999" not in page.replace(patient.code, "")
    assert client.post(reverse("patients:numbers", args=[patient.pk])).status_code == 403


def test_who_may_not_see_identity_numbers_keeps_them_when_correcting(client, mai, patient):
    client.force_login(mai)
    form = client.get(reverse("patients:person", args=[patient.pk])).content.decode()

    client.post(
        reverse("patients:person", args=[patient.pk]),
        {"full_name": "Trần Thị Bưởi Hồng", "born": "1985", "sex": "female", "language": "vi", "version": 1},
    )

    patient.refresh_from_db()
    assert "identity_number" not in form
    assert (patient.full_name, patient.identity_number) == ("Trần Thị Bưởi Hồng", "087185000999")


def test_two_tabs_do_not_overwrite_each_other(client, receptionist, mai, patient):
    client.force_login(receptionist)
    url = reverse("patients:person", args=[patient.pk])
    correct_patient(patient, changes={"notes": "Gọi buổi sáng"}, actor=mai)
    mine = {
        "full_name": "Trần Thị Bưởi",
        "born": "1985",
        "sex": "female",
        "language": "vi",
        "notes": "Xe lăn",
    }

    first = client.post(url, mine | {"version": 1, "identity_number": "087185000999"}, headers=HTMX)
    page = first.content.decode()
    patient.refresh_from_db()

    assert first.status_code == 422
    assert patient.notes == "Gọi buổi sáng"
    assert "Xe lăn" in page
    assert 'name="version" value="2"' in page
    client.post(url, mine | {"version": 2, "identity_number": "087185000999"}, headers=HTMX)
    patient.refresh_from_db()
    assert patient.notes == "Xe lăn"


def test_contact_points_are_kept_in_place(client, mai, patient):
    client.force_login(mai)
    add = reverse("patients:contact-points", args=[patient.pk])

    bad = client.post(add, {"kind": "phone", "value": "abc", "owner": "self"}, headers=HTMX)
    good = client.post(add, {"kind": "phone", "value": "0987654321", "owner": "mother"}, headers=HTMX)
    point = patient.contact_points.get(owner="mother")
    state = reverse("patients:contact-point-state", args=[patient.pk, point.pk])
    client.post(state, {"state": "preferred"}, headers=HTMX)
    again = client.post(state, {"state": "wrong"})
    refused = client.post(state, {"state": "preferred"}, headers=HTMX)
    unknown = client.post(state, {"state": "burnt"})

    assert (bad.status_code, good.status_code, again.status_code) == (422, 200, 302)
    assert "abc" in bad.content.decode()
    assert "0987 654 321" in good.content.decode()
    assert "toast" in good.headers["HX-Trigger"]
    assert (refused.status_code, unknown.status_code) == (422, 404)


def test_relatives_are_kept_in_place(client, mai, patient):
    client.force_login(mai)
    relative = patient.relatives.get()
    url = reverse("patients:relative", args=[patient.pk, relative.pk])

    form = client.get(url, headers=HTMX)
    client.post(
        url, {"full_name": "Lê Văn Cha", "relationship": "father", "phone": "0911222333", "is_guardian": "on"}
    )
    client.post(
        reverse("patients:relatives", args=[patient.pk]), {"full_name": "Lê Thị Mẹ", "relationship": "mother"}
    )
    page = client.get(reverse("patients:details", args=[patient.pk])).content.decode()
    client.post(reverse("patients:relative-removal", args=[patient.pk, relative.pk]))

    assert "Lê Văn Cha" in form.content.decode()
    assert "0911 222 333" in page
    assert "Lê Thị Mẹ" in page
    assert patient.relatives.get().full_name == "Lê Thị Mẹ"


def test_status_can_be_set_and_taken_back(client, mai, patient):
    client.force_login(mai)
    url = reverse("patients:status", args=[patient.pk])

    wrong = client.post(url, {"status": "deceased", "deceased_on": "01/01/1900"}, headers=HTMX)
    client.post(url, {"status": "deceased", "deceased_on": "02/01/2026"}, headers=HTMX)
    patient.refresh_from_db()

    assert wrong.status_code == 422
    assert patient.status == "deceased"
    client.post(url, {"status": "active"})
    patient.refresh_from_db()
    assert patient.status == "active"


def test_the_details_page_needs_few_questions(client, receptionist, patient, django_assert_max_num_queries):
    client.force_login(receptionist)
    for number in range(12):
        ContactPointFactory(patient=patient, raw=f"09870000{number:02}")
        RelativeFactory(patient=patient)
    client.get(reverse("patients:details", args=[patient.pk]))

    with django_assert_max_num_queries(10):
        client.get(reverse("patients:details", args=[patient.pk]))


# --- history ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_history_tells_who_changed_what_from_what(client, receptionist, mai, patient):
    """D9: who, when, which field, old and new; identity numbers masked."""
    correct_patient(
        patient, changes={"full_name": "Trần Thị Cam", "identity_number": "087185000888"}, actor=mai
    )
    client.force_login(receptionist)
    point = patient.contact_points.get()
    client.post(
        reverse("patients:contact-point", args=[patient.pk, point.pk]),
        {"value": "0987654321", "owner": "mother"},
    )

    page = client.get(reverse("patients:history", args=[patient.pk])).content.decode()

    for words in (
        "Trần Thị Bưởi",
        "Trần Thị Cam",
        mai.full_name,
        "•••••••••888",
        "0912 345 678",
        "0987 654 321",
    ):
        assert words in page
    assert receptionist.full_name in page
    assert "087185000888" not in page


def test_history_of_someone_untouched_is_empty(client, mai, patient):
    client.force_login(mai)

    assert "t-empty" in client.get(reverse("patients:history", args=[patient.pk])).content.decode()


@pytest.mark.parametrize("name", ["contact-points", "relatives", "status", "person"])
def test_no_form_shows_a_patient_without_a_look(client, mai, patient, name):
    """D9: the forms stand on the details page, so opening one by its address is a look; once in a view."""
    client.force_login(mai)
    address = reverse(f"patients:{name}", args=[patient.pk])

    client.post(address, {})
    client.post(address, {})

    looks = Entry.objects.filter(event="patients.patient:viewed", patient_id=patient.pk)
    assert [entry.detail("look") for entry in looks] == ["details"]
