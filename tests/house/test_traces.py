"""No reading without a trace: a page or a file that names a patient says afterwards who saw it (D9)."""

from __future__ import annotations

from django.test import Client

from tantam.accounts.permissions import Role
from tantam.journal.models import Entry, Listing
from tantam.patients.models import Patient
from tests.factories.accounts import MemberFactory, PractitionerFactory
from tests.house.test_rough_hands import PAGES, _address, anyone, ids
from tests.permissions.matrix import PUBLIC, ROWS

__all__ = ["anyone", "ids"]


def _traces(member) -> int:
    return Entry.objects.filter(actor=member).count() + Listing.objects.filter(member=member).count()


def test_whoever_saw_a_patient_named_is_known(anyone, ids, site):
    """Each page is somebody's first: what an open page fetches later belongs to its look."""
    named = Patient.objects.get(pk=ids["patient_id"])
    everything = [(role, site) for role in Role]
    silent = []
    for name in PAGES:
        if ROWS[name] == PUBLIC:
            continue
        member = MemberFactory(roles=everything)
        PractitionerFactory(member=member, site=site)
        client = Client()
        client.force_login(member)
        before = _traces(member)
        answer = client.get(_address(name, ids))
        page = b"".join(answer.streaming_content) if answer.streaming else answer.content
        shown = [word for word in (named.full_name, named.code) if word in page.decode(errors="replace")]
        if shown and _traces(member) == before:
            silent.append(name)
    assert not silent, " ".join(silent)


def test_what_is_taken_away_as_a_file_leaves_an_entry(anyone, ids):
    """A file goes where no page can follow it: each one is written down, whoever it names."""
    silent = []
    for name in PAGES:
        before = Entry.objects.count()
        answer = anyone.get(_address(name, ids))
        is_file = answer.headers.get("Content-Disposition", "").startswith("attachment")
        if is_file and Entry.objects.count() == before:
            silent.append(name)
    assert not silent, " ".join(silent)
