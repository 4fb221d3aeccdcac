"""The pages about who patients are, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.journal.models import Entry
from tantam.patients.models import Patient
from tantam.patients.operations import correct_patient
from tests.factories.accounts import MemberFactory
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


def slip(**more):
    """The registration form as a browser sends it."""
    rows = {}
    for prefix, count in (("phones", 3), ("relatives", 2)):
        rows |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": 0}
    return {**rows, "full_name": "Phạm Văn Ổi", "form_key": str(uuid4()), **more}


# --- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("receptionist", 200, id="may"),
        pytest.param("mai", 403, id="may-correct-but-not-register"),
        pytest.param("dung", 403, id="may-only-read"),
        pytest.param("oscar", 403, id="nobody"),
    ],
)
def test_who_may_register(request, client, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("patients:register")).status_code == status


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

    assert "name=Ho%C3%A0ng" in page
    assert (
        'value="Hoàng Đình"'
        in client.get(reverse("patients:register"), {"name": "Hoàng Đình"}).content.decode()
    )


def test_the_find_page_needs_few_questions(client, mai, patient, django_assert_max_num_queries):
    client.force_login(mai)
    client.get(reverse("patients:find"), {"q": "buoi"})

    with django_assert_max_num_queries(8):
        client.get(reverse("patients:find"), {"q": "buoi"})


# --- registering -----------------------------------------------------------------------------------


def test_registering_leads_to_the_patient(client, receptionist):
    """J2: one screen."""
    client.force_login(receptionist)

    answer = client.post(
        reverse("patients:register"),
        slip(born="45", **{"phones-0-phone": "0912 345 678", "phones-0-owner": "self"}),
    )

    patient = Patient.objects.get()
    assert answer.status_code == 302
    assert f"/{patient.pk}/" in answer.headers["Location"]
    assert patient.birth_year == timezone.localdate().year - 45
    assert patient.contact_points.get().value == "+84912345678"
    assert patient.home_site == receptionist.grants.get().site


def test_registering_with_htmx_redirects_the_browser(client, receptionist):
    client.force_login(receptionist)

    answer = client.post(reverse("patients:register"), slip(), headers=HTMX)

    assert answer.status_code == 200
    assert str(Patient.objects.get().pk) in answer.headers["HX-Redirect"]


def test_everything_to_mend_is_shown_at_once_and_what_was_typed_stays(client, receptionist):
    client.force_login(receptionist)

    answer = client.post(
        reverse("patients:register"),
        slip(
            full_name="",
            born="31/02/1985",
            identity_number="12",
            notes="Cần xe lăn",
            **{"phones-0-phone": "12ab"},
        ),
        headers=HTMX,
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("t-errors") >= 4
    assert "31/02/1985" in page
    assert "Cần xe lăn" in page
    assert "12ab" in page
    assert not Patient.objects.exists()


def test_a_birth_in_the_future_is_refused_beside_its_field(client, receptionist):
    client.force_login(receptionist)
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = client.post(reverse("patients:register"), slip(born=f"{tomorrow:%d/%m/%Y}"))

    assert answer.status_code == 422
    assert f"{tomorrow:%d/%m/%Y}" in answer.content.decode()


def test_a_likely_duplicate_asks_before_saving(client, receptionist, patient):
    client.force_login(receptionist)
    again = slip(full_name="tran thi buoi", born="1985")

    first = client.post(reverse("patients:register"), again)
    second = client.post(reverse("patients:register"), again | {"is_another_person": "on"})

    assert first.status_code == 422
    assert patient.code in first.content.decode()
    assert "is_another_person" in first.content.decode()
    assert second.status_code == 302
    assert Patient.objects.count() == 2


def test_likely_duplicates_are_shown_while_typing(client, receptionist, patient):
    client.force_login(receptionist)

    answer = client.post(
        reverse("patients:likely"), slip(full_name="Ai đó", **{"phones-0-phone": "0912345678"}), headers=HTMX
    )

    page = answer.content.decode()
    assert page.lstrip().startswith('<section id="likely"')
    assert "Trần Thị Bưởi" in page
    assert "Lê Văn Cha" in page
    assert "is_another_person" not in page


def test_a_held_identity_number_links_to_its_holder(client, receptionist, patient):
    client.force_login(receptionist)

    answer = client.post(
        reverse("patients:register"), slip(identity_number="087185000999", is_another_person="on")
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert patient.code in page
    assert f"/patients/{patient.pk}/" in page
    assert Patient.objects.count() == 1


def test_a_form_sent_twice_makes_one_patient(client, receptionist):
    client.force_login(receptionist)
    form = slip()

    first = client.post(reverse("patients:register"), form)
    second = client.post(reverse("patients:register"), form)

    assert first.headers["Location"] == second.headers["Location"]
    assert Patient.objects.count() == 1


def test_consent_is_not_ticked_beforehand_and_is_recorded_with_the_patient(client, receptionist):
    """A10: no tick is set for the patient."""
    client.force_login(receptionist)
    page = client.get(reverse("patients:register")).content.decode()
    ticked = {
        "consent-agrees_care_contact": "on",
        "consent-channel": "paper",
        "consent-evidence": "Tập 3, tờ 18",
    }

    client.post(reverse("patients:register"), slip(born="1985", **ticked))

    assert "checked" not in page
    consent = Patient.objects.get().consents.get()
    assert (consent.purpose, consent.decision, consent.evidence) == ("care_contact", "given", "Tập 3, tờ 18")


def test_a_refused_consent_undoes_the_registration(client, receptionist):
    client.force_login(receptionist)
    ticked = {"consent-agrees_marketing": "on", "consent-channel": "in_person"}

    answer = client.post(
        reverse("patients:register"), slip(born=str(timezone.localdate().year - 3), **ticked)
    )

    assert answer.status_code == 422
    assert not Patient.objects.exists()


def test_without_the_permission_no_consent_is_offered(client, site, patient):
    doctor = MemberFactory(username="bacsi", roles=[(Role.DOCTOR, site)])
    client.force_login(doctor)

    page = client.get(reverse("patients:register")).content.decode()

    assert "agrees_marketing" not in page


def test_communes_follow_the_province(client, receptionist):
    client.force_login(receptionist)

    page = client.get(reverse("patients:communes"), {"province": "Thành phố Huế"}).content.decode()

    assert "Phường Thuận Hóa" in page
    assert client.get(reverse("patients:communes"), {"province": "Hà Tây"}).content.decode().strip() == ""


def test_someone_elses_card_is_a_warning_not_a_refusal(client, receptionist):
    client.force_login(receptionist)

    answer = client.post(
        reverse("patients:likely"),
        slip(sex="male", born="1990", identity_number="087185000999"),
        headers=HTMX,
    )

    assert answer.content.decode().count('t-alert is-wait" role="status"') >= 2


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
