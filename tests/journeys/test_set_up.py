"""An empty installation becomes a hospital with people who may each do their own work."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import re
import struct
import time
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from tantam.accounts.models import Member
from tantam.facility.models import Organisation, Site

# What allauth tells of a new second step, it tells once the transaction is over.
pytestmark = pytest.mark.django_db(transaction=True)

SECOND_STEP = "/account/security/totp/activate/"
PASSWORD = "hoa sen nở trên hồ Tây"


NOW = int(time.time())


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    """Codes change every thirty seconds; here it stays one moment, so that no test falls between two."""
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: NOW))


def _code(secret: str) -> str:
    """The six digits an authenticator app shows now (RFC 6238)."""
    counter = struct.pack(">Q", NOW // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def _set_up_link() -> str:
    out = io.StringIO()
    call_command("setup_token", stdout=out)
    return f"/setup/{out.getvalue().strip()}/"


def _hospital(visitor):
    """Somebody sets the hospital up from the link; answers the administrator's browser and what it shows then."""
    first = visitor()
    link = _set_up_link()
    shown = first.open(link).press(
        "Create and continue to the second step",
        organisation_name="Bệnh viện Đa khoa Hồ Tây",
        site_name="Cơ sở Thụy Khuê",
        site_kind="hospital",
        full_name="Lương Thị Bích Hạnh",
        username="hanh",
        email="hanh@example.com",
        password=PASSWORD,
        password_again=PASSWORD,
    )
    return first, link, shown


def _secret_on(page):
    return re.search(r'class="t-secret">(\w+)<', page.body.decode()).group(1)


def test_from_the_set_up_link_to_the_first_care_agent(visitor):
    """D9: the link works once, an administrator needs a second step, a care agent sees the work list and no more."""
    admin, link, shown = _hospital(visitor)
    site = Site.objects.get()
    assert Organisation.objects.get().name == "Bệnh viện Đa khoa Hồ Tây"
    assert visitor().open(link).status == 410

    # Until the second step is there, every page leads to it.
    assert shown.address == SECOND_STEP
    shown = admin.open("/members/")
    assert shown.address == SECOND_STEP
    wrong = shown.press("Set up", code="000000" if _code(_secret_on(shown)) != "000000" else "000001")
    # The key stays the one that was scanned, also after a mistyped code.
    assert _secret_on(wrong) == _secret_on(shown)
    wrong.press("Set up", code=_code(_secret_on(wrong)))
    assert admin.open("/members/").address == "/members/"

    # A colleague is invited; the link is shown once and makes one account.
    made = (
        admin.open("/members/")
        .follow("Invite a colleague")
        .press(
            "Make the invitation link", full_name="Quách Thị Thu", roles=["care_agent"], sites=[str(site.pk)]
        )
    )
    join = re.search(r"/join/[^<\"\s]+", made.body.decode()).group()
    thu = visitor()
    welcome = thu.open(join)
    assert "Cơ sở Thụy Khuê" in welcome
    welcome.press("Create my account", username="thu", password=PASSWORD, password_again=PASSWORD)
    assert visitor().open(join).status == 410

    # She signs in by herself, sees whom to call, and is denied what is not her work.
    again = visitor()
    asked = again.open("/care/")
    assert asked.address.startswith("/account/login/")
    work_list = asked.press("Sign in", login="thu", password=PASSWORD)
    assert (work_list.status, work_list.address) == (200, "/care/")
    assert "Take the next call" in work_list
    for page in ("/members/", "/import/", "/settings/organisation/", "/journal/", "/care/rules/"):
        assert again.open(page).status == 403
    assert not any(href == "/members/" for href in work_list.links.values())


def test_an_administrator_signs_in_with_both_steps_and_not_with_one(visitor):
    """D9: the password alone opens nothing."""
    _admin, _link, shown = _hospital(visitor)
    secret = _secret_on(shown)
    shown.press("Set up", code=_code(secret))

    one, other = visitor(), visitor()
    for browser in (one, other):
        browser.open("/members/").press("Sign in", login="HANH@example.com", password=PASSWORD)
        assert "/account/security/authenticate/" in browser.open("/members/").address

    one.open("/members/").press("Sign in", code=_code(secret))
    assert one.open("/members/").status == 200
    assert one.open("/members/").address == "/members/"
    # A code opens once: somebody who saw it being typed cannot use it too.
    other.open("/members/").press("Sign in", code=_code(secret))
    assert "/account/security/authenticate/" in other.open("/members/").address


def test_what_is_wrong_at_set_up_is_said_and_what_was_typed_stays(visitor):
    """Bad input: nothing half-made."""
    link = _set_up_link()
    page = visitor().open(link)
    wrong = page.press(
        "Create and continue to the second step",
        organisation_name="Phòng khám Răng Xinh",
        site_name="Cơ sở 1",
        full_name="Tạ Văn Ba",
        username="ba",
        password="12345",
        password_again="123456",
    )

    assert wrong.status == 422
    assert wrong.form("Create and continue to the second step").values["organisation_name"] == [
        "Phòng khám Răng Xinh"
    ]
    assert not Organisation.objects.exists()
    assert not Member.objects.exists()
