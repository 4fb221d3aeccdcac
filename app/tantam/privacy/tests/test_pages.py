"""Consents, texts and who looked, over HTTP (A10, D9)."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from tantam.accounts.permissions import Role
from tantam.journal.models import Entry
from tantam.patients.access import patient_for
from tantam.privacy.models import Consent, Purpose
from tests.factories.accounts import MemberFactory
from tests.factories.patients import PatientFactory
from tests.proof import sign_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def officer(site, monkeypatch):
    """A privacy officer; the second factor has its own tests."""
    monkeypatch.setattr("tantam.accounts.door._has_second_factor", lambda *args: True)
    return MemberFactory(username="baomat", full_name="Hồ Thị Kín", roles=[(Role.PRIVACY_OFFICER, site)])


@pytest.mark.parametrize(
    ("who", "page", "status"),
    [
        pytest.param("mai", "consents", 200, id="may-record"),
        pytest.param("dung", "consents", 200, id="may-only-read"),
        pytest.param("hoa", "consents", 200, id="other-branch-one-directory"),
        pytest.param("oscar", "consents", 403, id="nobody"),
        pytest.param("mai", "looks", 403, id="looks-are-not-for-care"),
        pytest.param("officer", "looks", 200, id="looks-are-for-the-officer"),
        pytest.param("mai", "looks-file", 403, id="nor-the-file"),
    ],
)
def test_who_may_open_what(request, client, patient, who, page, status):
    sign_in(client, request.getfixturevalue(who))

    assert client.get(reverse(f"privacy:{page}", args=[patient.pk])).status_code == status


def test_who_may_only_read_sees_no_button_and_cannot_record(client, dung, patient):
    sign_in(client, dung)
    url = reverse("privacy:decision", args=[patient.pk, "marketing"])

    assert f'"{url}"' not in client.get(reverse("privacy:consents", args=[patient.pk])).content.decode()
    assert client.post(url, {"decision": "given"}).status_code == 403


@pytest.mark.parametrize("name", ["consents", "looks", "looks-file"])
def test_a_patient_who_is_not_there_is_not_found(client, officer, name):
    sign_in(client, officer)

    assert client.get(reverse(f"privacy:{name}", args=[987_654])).status_code == 404


def test_an_unknown_purpose_is_not_found(client, mai, patient):
    sign_in(client, mai)

    assert client.get(reverse("privacy:decision", args=[patient.pk, "spying"])).status_code == 404


def test_a_decision_is_recorded_in_place(client, mai, patient):
    sign_in(client, mai)
    url = reverse("privacy:decision", args=[patient.pk, "marketing"])

    form = client.get(url, headers=HTMX).content.decode()
    empty = client.post(url, {}, headers=HTMX)
    unproved = client.post(url, {"decision": "given", "channel": "paper"}, headers=HTMX)
    good = client.post(url, {"decision": "given", "channel": "paper", "evidence": "Tập 3"}, headers=HTMX)

    assert "ưu đãi" in form
    assert form.lstrip().startswith('<div id="consents"')
    assert (empty.status_code, unproved.status_code, good.status_code) == (422, 422, 200)
    assert Consent.objects.get().text.language == "vi"
    assert "Tập 3" in good.content.decode()


def test_a_consent_is_withdrawn_without_javascript(client, mai, patient):
    sign_in(client, mai)
    decide = reverse("privacy:decision", args=[patient.pk, "marketing"])
    client.post(decide, {"decision": "given", "channel": "in_person"})

    answer = client.post(reverse("privacy:withdrawal", args=[patient.pk, "marketing"]), {"channel": "zalo"})

    assert answer.status_code == 302
    assert [row.decision for row in Consent.objects.order_by("id")] == ["given", "withdrawn"]
    assert Consent.objects.order_by("-id")[0].channel == "zalo"


def test_the_words_can_be_printed_in_the_patients_language(client, mai, site):
    patient = PatientFactory(full_name="王小明", language="zh-hans")
    sign_in(client, mai)

    page = client.get(reverse("privacy:printed-text", args=[patient.pk, "research"])).content.decode()

    assert "王小明" in page
    assert "科学研究" in page


def test_opening_the_consents_is_a_look(client, mai, patient):
    sign_in(client, mai)
    client.get(reverse("privacy:consents", args=[patient.pk]))

    assert Entry.objects.get(event="patients.patient:viewed").detail("look") == "consents"


# --- who looked ------------------------------------------------------------------------------------


def test_who_looked_tells_when_who_and_from_which_page(client, officer, mai, patient):
    patient_for(mai, patient.pk, look="call")
    sign_in(client, officer)

    page = client.get(reverse("privacy:looks", args=[patient.pk])).content.decode()

    assert mai.full_name in page
    assert officer.full_name in page  # asking is a look, too


def test_the_list_narrows_by_person_page_and_day(client, officer, mai, doctor, patient):
    patient_for(mai, patient.pk, look="call")
    patient_for(doctor.member, patient.pk, look="patient_page")
    sign_in(client, officer)
    url = reverse("privacy:looks", args=[patient.pk])

    def rows(**query):
        return [look.who for look in client.get(url, query).context["looks"]]

    assert rows(who=mai.pk) == [mai.full_name]
    assert rows(page="patient_page") == [doctor.member.full_name]
    assert rows(until="01/01/2020") == []
    assert set(rows(since="01/01/2020", who="nobody")) == {
        mai.full_name,
        doctor.member.full_name,
        officer.full_name,
    }


def test_a_long_list_comes_in_pages(client, officer, mai, patient, django_assert_max_num_queries):
    for _ in range(120):
        patient_for(mai, patient.pk, look="call")
    sign_in(client, officer)
    # The first page of a session also notes the session.
    client.get(reverse("desk:bell"))
    url = reverse("privacy:looks", args=[patient.pk])
    seen, query = [], "?who=" + str(mai.pk)

    while query:
        with django_assert_max_num_queries(12):
            context = client.get(url + query).context
        seen += [look.id for look in context["looks"]]
        query = context["more"]

    assert len(seen) == len(set(seen)) == 120
    assert client.get(url + "?before=abc").status_code == 200


def test_the_file_cannot_run_as_a_formula(client, officer, site, patient):
    """Cells that begin like a formula are made text."""
    sly = MemberFactory(
        username="sly", full_name="=HYPERLINK(1)", job_title="+cmd", roles=[(Role.CARE_AGENT, site)]
    )
    patient_for(sly, patient.pk, look="call")
    address = reverse("privacy:looks-file", args=[patient.pk])
    client.force_login(officer)
    assert client.get(address).headers["Location"].startswith(reverse("account_reauthenticate"))
    sign_in(client, officer)

    answer = client.get(address, {"who": sly.pk})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))

    assert len(rows) == 2
    assert rows[1][1:3] == ["'=HYPERLINK(1)", "'+cmd"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Entry.objects.filter(event="privacy.looks:exported", actor=officer).count() == 1


# --- texts -----------------------------------------------------------------------------------------


def test_the_officer_publishes_a_new_version(client, officer):
    sign_in(client, officer)
    url = reverse("privacy:text", args=["marketing"])
    words = {"text_vi": "Lời mới", "text_en": "New words", "text_zh_hans": "新文本"}

    listed = client.get(reverse("privacy:texts")).content.decode()
    missing = client.post(url, words | {"text_en": "", "seen": 1})
    done = client.post(url, words | {"seen": 1})
    stale = client.post(url, words | {"text_vi": "Khác", "seen": 1})

    assert all(str(purpose.label) in listed for purpose in Purpose)
    assert (missing.status_code, done.status_code, stale.status_code) == (422, 302, 422)
    assert "Khác" in stale.content.decode()
    assert 'name="seen" value="2"' in stale.content.decode()


def test_texts_are_not_for_everyone(client, mai):
    sign_in(client, mai)

    assert client.get(reverse("privacy:texts")).status_code == 403


@pytest.mark.parametrize("name", ["looks-file", "text"])
def test_a_file_and_a_change_for_everyone_ask_for_the_password_again(client, site, patient, name):
    """A session found open is not enough to carry away a list or to change what every patient is asked."""
    sign_in(client, MemberFactory(username="mo-san", roles=[(Role.PRIVACY_OFFICER, site)]))
    session = client.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= 3_600
    session.save()

    if name == "looks-file":
        answer = client.get(reverse("privacy:looks-file", args=[patient.pk]))
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    else:
        words = {"text_vi": "Một", "text_en": "One", "text_zh_hans": "一"}
        client.post(reverse("privacy:text", args=["research"]), words)
    assert not Entry.objects.filter(
        event__in=["privacy.looks:exported", "privacy.consent_text:published"]
    ).exists()


def test_words_of_all_sites_are_changed_by_who_looks_after_all_of_them(client, site, other_site):
    here = MemberFactory(username="mot-noi", roles=[(Role.PRIVACY_OFFICER, site)])
    sign_in(client, here)
    url = reverse("privacy:text", args=["research"])
    words = {"text_vi": "Một", "text_en": "One", "text_zh_hans": "一"}

    page = client.get(url)
    assert page.status_code == 200
    assert "<textarea" in page.content.decode()
    assert client.post(url, words).status_code == 403

    everywhere = MemberFactory(
        username="moi-noi", roles=[(Role.PRIVACY_OFFICER, site), (Role.PRIVACY_OFFICER, other_site)]
    )
    sign_in(client, everywhere)
    assert client.post(url, words).status_code == 302
