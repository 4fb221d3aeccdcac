"""Every address with an id, asked by the whole cast for a row that is there: GET and POST, to the exact status.

A request that is refused leaves every table as it was, but for the journal's line that it was refused. PostgreSQL
itself counts what a transaction wrote, also what was taken back, so nothing an act does on the way escapes.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client

from tantam.accounts.models import Member
from tantam.accounts.permissions import Role
from tantam.facility.models import Site
from tests.factories.accounts import MemberFactory
from tests.factories.world import one_of_everything
from tests.permissions.answers import ANSWERS, NO_SUCH_METHOD, OTHERS, Answer
from tests.permissions.matrix import ROWS
from tests.permissions.test_matrix import ADDRESSES
from tests.proof import sign_in

HERE, ELSEWHERE, EVERYWHERE = "here", "elsewhere", "everywhere"
# A browser sends this with every form; without a field Django takes a form for one that was not sent.
SENT = {"csrfmiddlewaretoken": "x"}
WITH_IDS = sorted(name for name, route in ADDRESSES.items() if "<" in route)
REFUSED = frozenset({302, 403, 404, 405})
_SETTING = re.compile(r"<(?:\w+:)?(\w+)>")
# Signing in is kept, and when a session was last seen; nothing of it is anyone's row.
_KEPT_OF_REFUSALS = frozenset({"journal_entry"})
_OF_SESSIONS = frozenset({Session._meta.db_table, UserSession._meta.db_table})


@dataclass(slots=True)
class Asker:
    client: Client
    role: Role | None
    where: str


@pytest.fixture
def ids(site: Site, monkeypatch) -> dict[str, int | str]:
    # The second factor has its own tests; here the question is what the role allows.
    monkeypatch.setattr("tantam.accounts.door._has_second_factor", lambda *args: True)
    # Thousands of refusals are meant, and writing each down with where it came from takes as long as asking.
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    made = one_of_everything(site)
    colleague = Member.objects.get(pk=made["member_id"])
    session = UserSession.objects.create(user=colleague, ip="127.0.0.1", session_key="x" * 32)
    return made | {"session_id": session.pk, "row": 0, "act": "condition", "what": "worse"}


def ask(asker: Asker, name: str, method: str, ids: dict[str, int | str]) -> tuple[int, dict[str, int]]:
    """The status, and what was written where; then everything is as before."""
    answer = ANSWERS[name]
    address = "/" + _SETTING.sub(lambda found: str(ids[answer.ids.get(found[1], found[1])]), ADDRESSES[name])
    before = written()
    with transaction.atomic():
        if method == "GET":
            response = asker.client.get(address)
        else:
            response = asker.client.post(address, SENT | dict(answer.sent))
        if response.streaming:
            b"".join(response)
        after = written()
        transaction.set_rollback(True)
    return response.status_code, dict(after - before)


def written() -> Counter[str]:
    """Rows written by this transaction so far, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return Counter({table: count for table, count in cursor.fetchall() if table not in _OF_SESSIONS})


def expected(name: str, method: str, asker: Asker) -> int:
    answer = ANSWERS[name]
    status = answer.get if method == "GET" else answer.post
    if asker.role is None or asker.role not in ROWS[name]:
        return 403
    if answer.alone and asker.where != EVERYWHERE:
        return 403
    if status == NO_SUCH_METHOD:
        return status
    if answer.branch and asker.where == ELSEWHERE:
        return 404
    if method == "POST" and not _may_send(answer, asker):
        return 403
    return status


def _may_send(answer: Answer, asker: Asker) -> bool:
    if answer.everywhere and asker.where != EVERYWHERE:
        return False
    return answer.writes is None or asker.role in answer.writes


def askers(role: Role, site: Site, other_site: Site) -> Iterator[Asker]:
    """Three members with this role: here, at the other branch, at every site."""
    for where, sites in ((HERE, [site]), (ELSEWHERE, [other_site]), (EVERYWHERE, [site, other_site])):
        member = MemberFactory(username=where, roles=[(role, one) for one in sites])
        yield Asker(sign_in(Client(raise_request_exception=False), member), role, where)


def worth_asking(name: str, asker: Asker) -> bool:
    """The role decides at the door, wherever it is held; the branch matters to those who come in."""
    if asker.where == HERE:
        return True
    if asker.role not in ROWS[name]:
        return False
    return ANSWERS[name].everywhere if asker.where == EVERYWHERE else True


def wrong_answers(asker: Asker, ids: dict[str, int | str]) -> dict[str, str]:
    wrong = {}
    for name in ANSWERS:
        if not worth_asking(name, asker):
            continue
        for method in ("GET", "POST"):
            status, changed = ask(asker, name, method, ids)
            wanted = expected(name, method, asker)
            who = f"{method} {name} {asker.where}"
            if status != wanted:
                wrong[who] = f"{status}, not {wanted}"
            elif changed.keys() - _KEPT_OF_REFUSALS and wanted in REFUSED - {302}:
                wrong[who] = f"{status}, and yet it wrote {changed}"
    return wrong


def test_every_address_with_an_id_has_an_answer():
    assert set(WITH_IDS) == set(ANSWERS) | OTHERS
    assert set(ANSWERS) <= set(ROWS)


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_what_a_role_reaches(ids, site, other_site, role):
    """D9, A4: who may, who may only read, and who is at the other branch, for each shipped role."""
    wrong = {}
    for asker in askers(role, site, other_site):
        wrong |= wrong_answers(asker, ids)
    assert wrong == {}


def test_who_has_no_role_reaches_nothing(ids, oscar):
    client = Client(raise_request_exception=False)
    client.force_login(oscar)
    assert wrong_answers(Asker(client, None, HERE), ids) == {}


def test_who_is_not_signed_in_is_asked_to(ids):
    nobody = Asker(Client(raise_request_exception=False), None, HERE)
    wrong = {}
    for name in ANSWERS:
        for method in ("GET", "POST"):
            status, changed = ask(nobody, name, method, ids)
            if status != 302 or changed:
                wrong[f"{method} {name}"] = f"{status}, wrote {changed}"
    assert wrong == {}


def test_what_is_a_colleagues_own_stays_theirs(ids, oscar):
    """Their session, their keys: nobody ends, renames or removes them by an id."""
    colleague = Member.objects.get(pk=ids["member_id"])
    key = Authenticator.objects.create(user=colleague, type=Authenticator.Type.WEBAUTHN, data={})
    client = Client(raise_request_exception=False)
    client.force_login(oscar)
    for name, row in (
        ("accounts:session-ending", ids["session_id"]),
        ("mfa_edit_webauthn", key.pk),
        ("mfa_remove_webauthn", key.pk),
    ):
        address = "/" + _SETTING.sub(str(row), ADDRESSES[name])
        for response in (client.get(address), client.post(address, SENT | {"name": "của tôi"})):
            assert response.status_code in REFUSED, name
    assert UserSession.objects.filter(pk=ids["session_id"], user=colleague).exists()
    assert Authenticator.objects.filter(pk=key.pk, user=colleague, data={}).exists()


def test_a_page_that_lets_too_many_in_is_found(ids, site, other_site, monkeypatch):
    """The tests above can fail: a door left open, a branch that is not looked at, a refusal that writes."""
    asker = next(askers(Role.CASHIER, site, other_site))
    monkeypatch.setitem(ROWS, "desk:patient", set())
    monkeypatch.setitem(ANSWERS, "desk:timeline", Answer(200, 404))
    wrong = wrong_answers(asker, ids)
    assert wrong == {
        "GET desk:patient here": "200, not 403",
        "POST desk:patient here": "405, not 403",
        "POST desk:timeline here": "405, not 404",
    }


def test_what_is_written_and_taken_back_is_seen(ids):
    before = written()
    with transaction.atomic():
        Site.objects.filter(pk=ids["site_id"]).update(name="Khác")
        transaction.set_rollback(True)
    assert dict(written() - before) == {"facility_site": 1, "facility_siteevent": 1}
