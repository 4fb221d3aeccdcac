"""The scan that proves a consent: kept sealed, opened by those who may, each time written down (A10, D9)."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tantam.accounts.permissions import Role
from tantam.journal.models import Entry
from tantam.lib.scans import LARGEST_SCAN, scan_of
from tantam.privacy import privacy
from tantam.privacy.errors import EvidenceKnown, TooMuchEvidence
from tantam.privacy.models import Consent, ConsentEvidence, Purpose
from tantam.privacy.operations import MOST_EVIDENCE, HowDecided, add_evidence, record_consent
from tantam.privacy.queries import text_in_force
from tests.factories.accounts import MemberFactory
from tests.factories.patients import PatientFactory
from tests.factories.scans import jpeg, pdf, png

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def consent(patient, mai):
    return record_consent(
        patient,
        Purpose.MARKETING,
        decision="given",
        how=HowDecided("paper", scan=scan_of(jpeg())),
        text=text_in_force(Purpose.MARKETING, "vi"),
        actor=mai,
    )


def _upload(content, name="to-giay.pdf", media_type="application/pdf"):
    return SimpleUploadedFile(name, content, media_type)


def _looks(member):
    entries = Entry.objects.filter(event="patients.patient:viewed", actor=member).order_by("pk")
    return [entry.detail("look") for entry in entries]


def _decide(client, patient, **sent):
    fields = {"decision": "given", "channel": "paper", "decided_by": "self", **sent}
    return client.post(reverse("privacy:decision", args=[patient.pk, "marketing"]), fields, headers=HTMX)


def test_a_scan_is_proof_enough_for_a_yes_on_paper(client, mai, patient):
    """A10: the signed paper itself, not only a word on where it lies."""
    client.force_login(mai)

    response = _decide(client, patient, file=_upload(pdf()))

    assert response.status_code == 200
    file = ConsentEvidence.objects.get()
    assert (file.kind, file.size, file.content, file.added_by) == ("pdf", len(pdf()), pdf(), mai)
    assert file.consent.evidence == ""
    entry = Entry.objects.get(event="privacy.consent:evidence-added")
    assert entry.details == {"file": file.pk, "kind": "pdf", "size": len(pdf())}


def test_words_on_where_the_paper_lies_still_do(client, mai, patient):
    client.force_login(mai)

    assert _decide(client, patient, evidence="Tập 2026/118").status_code == 200
    assert Consent.objects.get().evidence == "Tập 2026/118"
    assert not ConsentEvidence.objects.exists()


def test_a_yes_on_paper_without_either_is_refused(client, mai, patient):
    client.force_login(mai)

    assert _decide(client, patient).status_code == 422
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"<html>not a scan</html>", "không phải", id="a-page-called-pdf"),
        pytest.param(b"", "trống", id="empty"),
        pytest.param(pdf()[:30], "hỏng", id="cut-off"),
        pytest.param(pdf(b"x" * LARGEST_SCAN), "10 MB", id="too-large"),
    ],
)
def test_a_bad_file_is_refused_by_its_content_and_nothing_is_written(client, mai, patient, content, said):
    client.force_login(mai)

    response = _decide(client, patient, file=_upload(content), evidence="Tập 3")

    assert response.status_code == 422
    html = response.content.decode()
    assert said in html
    assert "Tập 3" in html
    assert not Consent.objects.exists()


def test_a_file_beside_another_mistake_is_asked_for_again(client, mai, patient):
    """A browser sends a chosen file once; without a word people would believe it kept."""
    client.force_login(mai)

    response = _decide(client, patient, decided_by="representative", file=_upload(pdf()))

    assert response.status_code == 422
    assert "Chọn lại tệp" in response.content.decode()
    assert not ConsentEvidence.objects.exists()


def test_nothing_of_the_file_lies_open_in_the_database(consent):
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM privacy_consentevidence")
        sealed = bytes(cursor.fetchone()[0])

    assert jpeg() not in sealed
    assert jpeg()[:3] not in sealed[:64]
    assert ConsentEvidence.objects.get().content == jpeg()


def test_opening_it_is_a_look_each_time(client, mai, patient, consent):
    """D9"""
    client.force_login(mai)
    url = reverse("privacy:evidence", args=[patient.pk, consent.files.get().pk])

    first = client.get(url)
    client.get(url)

    assert first.content == jpeg()
    assert first.headers["Content-Type"] == "image/jpeg"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Cache-Control"] == "no-store"
    assert first.headers["Content-Disposition"].startswith("inline")
    assert _looks(mai) == ["consent_evidence", "consent_evidence"]


def test_a_pdf_is_saved_not_run_in_our_place(client, mai, patient, consent):
    file = add_evidence(consent, scan=scan_of(pdf()), actor=mai)
    client.force_login(mai)

    response = client.get(reverse("privacy:evidence", args=[patient.pk, file.pk]))

    assert response.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("mai", 200, id="may"),
        pytest.param("hoa", 200, id="other-branch-one-directory"),
        pytest.param("dung", 403, id="may-only-read"),
        pytest.param("doctor_member", 403, id="doctor"),
        pytest.param("oscar", 403, id="nobody"),
    ],
)
def test_who_opens_and_adds_a_proof(request, client, patient, consent, who, status):
    client.force_login(request.getfixturevalue(who))
    show = reverse("privacy:evidence", args=[patient.pk, consent.files.get().pk])
    add = reverse("privacy:evidence-new", args=[patient.pk, consent.pk])

    assert client.get(show).status_code == status
    assert client.get(add).status_code == status
    posted = client.post(add, {"file": _upload(png())}, headers=HTMX)
    assert posted.status_code == status
    assert consent.files.count() == (2 if status == 200 else 1)


@pytest.fixture
def doctor_member(site):
    return MemberFactory(roles=[(Role.DOCTOR, site)])


def test_a_proof_is_found_only_under_its_own_patient(client, mai, consent):
    other = PatientFactory()
    client.force_login(mai)

    assert client.get(reverse("privacy:evidence", args=[other.pk, consent.files.get().pk])).status_code == 404
    assert client.get(reverse("privacy:evidence-new", args=[other.pk, consent.pk])).status_code == 404
    assert "consent_evidence" not in _looks(mai)


def test_who_may_only_read_sees_that_there_is_a_proof_and_no_way_to_it(client, dung, patient, consent):
    client.force_login(dung)

    html = client.get(reverse("privacy:consents", args=[patient.pk])).content.decode()

    assert "JPEG" in html
    assert "/evidence/" not in html


def test_a_scan_is_added_later_once_and_only_so_many(consent, mai):
    with pytest.raises(EvidenceKnown):
        add_evidence(consent, scan=scan_of(jpeg()), actor=mai)
    for number in range(MOST_EVIDENCE - 1):
        add_evidence(consent, scan=scan_of(pdf(str(number).encode())), actor=mai)
    with pytest.raises(TooMuchEvidence):
        add_evidence(consent, scan=scan_of(png()), actor=mai)


def test_adding_without_a_file_says_so(client, mai, patient, consent):
    client.force_login(mai)

    response = client.post(reverse("privacy:evidence-new", args=[patient.pk, consent.pk]), {}, headers=HTMX)

    assert response.status_code == 422
    assert "Hãy chọn tệp" in response.content.decode()


def test_a_proof_is_neither_changed_nor_taken_away(consent):
    for act in (
        lambda: ConsentEvidence.objects.update(size=1),
        lambda: ConsentEvidence.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_patient_gets_a_copy_and_shredding_destroys_it(patient, consent):
    """A10: given out on request, and gone with the rest."""
    (given,) = privacy.export(patient.pk)["consents"][0]["files"]
    assert (given["media_type"], b64decode(given["content"])) == ("image/jpeg", jpeg())

    privacy.shred(patient.pk)
    privacy.shred(patient.pk)

    assert not ConsentEvidence.objects.exists()


def test_the_list_of_decisions_does_not_read_the_scans(
    client, mai, patient, consent, django_assert_max_num_queries
):
    client.force_login(mai)
    with django_assert_max_num_queries(30) as asked:
        client.get(reverse("privacy:consents", args=[patient.pk]))

    about = [
        query["sql"] for query in asked.captured_queries if "privacy_consentevidence" in str(query["sql"])
    ]
    assert len(about) == 1
    assert not re.search(r'"sealed"', about[0])
