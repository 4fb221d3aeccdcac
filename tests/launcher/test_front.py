"""Nobody outside holds the pages up, and what is not the pages' business never reaches them."""

import http.client
import json
import re
import socket
import subprocess
import sys
import time

import psycopg
import pytest

from tantam.launch.cluster import Cluster
from tantam.launch.front import server
from tantam.launch.front.configuration import FORM_BODY, SMALL_BODY, UPLOADS, Site, configuration
from tantam.launch.places import CODE, Installation
from tantam.launch.voice import Trouble
from tests.permissions.test_matrix import ADDRESSES

started = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
    pytest.mark.skipif(server.program() is None, reason="no wheel of Caddy for this platform"),
]


def on_a_started_product(test):
    for mark in started:
        test = mark(test)
    return test


def ask(hospital, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", hospital.port, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def open_and_say(hospital, words):
    sender = socket.create_connection(("127.0.0.1", hospital.port), timeout=20)
    sender.sendall(words)
    return sender


SIGN_IN = (
    b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)


@on_a_started_product
def test_slow_senders_and_half_open_connections_hold_nobody_up(hospital):
    ask(hospital, "GET", "/account/login/")
    senders = [open_and_say(hospital, SIGN_IN + b"Content-Length: 5000\r\n\r\nlogin=") for _ in range(40)]
    senders += [open_and_say(hospital, b"GET /account/login/ HTTP/1.1\r\nHo") for _ in range(150)]
    try:
        for _ in range(5):
            for sender in senders[:40]:
                sender.sendall(b"a")
            began = time.monotonic()
            assert ask(hospital, "GET", "/account/login/")[0] == 200
            assert time.monotonic() - began < 3
    finally:
        for sender in senders:
            sender.close()


@on_a_started_product
def test_a_body_that_never_comes_is_given_up(hospital):
    """Without waiting a minute for it: what is half sent and then ended is answered by nobody and costs nothing."""
    sender = open_and_say(hospital, SIGN_IN + b"Content-Length: 5000\r\n\r\nlogin=")
    sender.close()

    assert ask(hospital, "GET", "/account/login/")[0] == 200


@on_a_started_product
@pytest.mark.parametrize(
    ("path", "most"),
    [("/account/login/", "2.6 MB"), ("/import/new/", "4000 MB"), ("/patients/1/consents/care/", "32 MB")],
)
def test_what_is_too_large_is_refused_before_it_comes_and_said(hospital, path, most):
    words = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000000\r\n\r\n"
    sender = open_and_say(hospital, words.encode())
    with sender, sender.makefile("rb") as answering:
        answer = answering.read()

    assert answer.startswith(b"HTTP/1.1 413")
    assert {"quá lớn", "at most", "最多"} <= set(re.findall("quá lớn|at most|最多", answer.decode()))
    assert f" {most} " in answer.decode()


@on_a_started_product
@pytest.mark.parametrize("length", ["Content-Length: 5", "Transfer-Encoding: chunked"])
def test_nobody_sends_slowly_to_what_has_no_deadline(hospital, length):
    sender = open_and_say(hospital, f"GET /live/ HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n".encode())
    with sender:
        assert sender.recv(1000).startswith(b"HTTP/1.1 413")


@on_a_started_product
@pytest.mark.parametrize("length", ["Content-Length: 500000", "Transfer-Encoding: chunked"])
def test_a_stranger_is_shown_the_door_before_a_large_body_comes(hospital, length):
    sender = open_and_say(
        hospital, f"POST /import/new/ HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n".encode()
    )
    answer = sender.recv(1000)
    sender.close()

    assert answer.startswith(b"HTTP/1.1 302")
    assert b"/account/login/" in answer


@on_a_started_product
def test_static_files_come_compressed_for_good_and_without_their_list(hospital):
    page = ask(hospital, "GET", "/account/login/")[2].decode()
    path = page.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]

    status, headers, _ = ask(hospital, "GET", path, {"Accept-Encoding": "gzip"})

    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ask(hospital, "GET", "/static/staticfiles.json")[0] == 404
    assert ask(hospital, "GET", "/static/../keys/secret_key")[0] == 404


@on_a_started_product
def test_pages_come_compressed_and_say_nothing_of_the_server(hospital):
    _, headers, _ = ask(hospital, "GET", "/account/login/", {"Accept-Encoding": "zstd, gzip"})

    assert headers["Content-Encoding"] == "zstd"
    assert "Server" not in headers
    assert "Via" not in headers


A_SESSION_WITH_ITS_TICKET = """
from allauth.usersessions.models import UserSession
from tantam.accounts.authentication.sessions import SessionStore
from tantam.accounts.models import Member
from tantam.journal.live import ticket_for
member = Member.objects.create(username="listener")
session = SessionStore()
session.save()
line = UserSession.objects.create(user=member, session_key=session.session_key, ip="127.0.0.1")
print("ticket", ticket_for(["site:7"], member=member.pk, session=line.pk))
"""


@on_a_started_product
def test_live_updates_come_through_as_they_happen(hospital):
    asked = hospital.command("manage", "shell", "-c", A_SESSION_WITH_ITS_TICKET)
    ticket = asked.stdout.rsplit("ticket ", 1)[1].strip()
    listener = open_and_say(
        hospital, f"GET /live/?ticket={ticket} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    )
    heard = listener.recv(1000)
    deadline = time.monotonic() + 10
    with psycopg.connect(Cluster(hospital.data).url(), autocommit=True) as connection:
        while b"site:7:work-list" not in heard and time.monotonic() < deadline:
            connection.execute(
                "SELECT pg_notify('tantam_live', %s)", [json.dumps({"topic": "site:7:work-list"})]
            )
            heard += listener.recv(1000)
    listener.close()

    assert heard.startswith(b"HTTP/1.1 200")
    assert b"site:7:work-list" in heard


@on_a_started_product
def test_who_asks_is_what_the_front_saw_whatever_the_sender_wrote(hospital):
    """Figures are for this machine alone, which is what the address decides."""
    assert ask(hospital, "GET", "/metrics", {"X-Forwarded-For": "203.0.113.9"})[0] == 200


@on_a_started_product
def test_the_front_runs_without_rights_and_is_told_no_secret(hospital):
    caddy = json.loads((hospital.data / "front" / "caddy.json").read_text())
    assert caddy["admin"]["disabled"] is True
    pid = subprocess.run(
        ["pgrep", "-f", str(hospital.data / "front" / "caddy.json")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()[0]
    with open(f"/proc/{pid}/environ", "rb") as environ:
        told = environ.read()
    with open(f"/proc/{pid}/status") as status:
        uid = next(line.split()[1] for line in status if line.startswith("Uid:"))

    assert b"postgresql://" not in told
    assert uid != "0"


# --- what it is told ---------------------------------------------------------------------------------------------


def site(tmp_path, **more):
    return Site(
        pages="unix//p",
        live="unix//l",
        static=tmp_path,
        storage=tmp_path / "s",
        listen=["127.0.0.1:1"],
        **more,
    )


def test_with_a_name_only_this_name_is_answered_over_tls_and_plain_http_leads_there(tmp_path):
    told = configuration(site(tmp_path, domain="care.example.vn", listen_plain=["127.0.0.1:2"]))
    servers = told["apps"]["http"]["servers"]

    assert servers["pages"]["protocols"] == ["h1", "h2"]
    assert servers["pages"]["tls_connection_policies"] == [{"match": {"sni": ["care.example.vn"]}}]
    assert "https://care.example.vn{http.request.uri}" in json.dumps(servers["plain"])
    assert told["apps"]["tls"]["certificates"]["automate"] == ["care.example.vn"]


def test_without_a_name_nothing_is_asked_of_anybody_outside(tmp_path):
    told = configuration(site(tmp_path))

    assert "tls" not in told["apps"]
    assert told["admin"]["disabled"] is True


@pytest.mark.skipif(server.program() is None, reason="no wheel of Caddy for this platform")
@pytest.mark.parametrize("domain", ["", "care.example.vn"])
def test_caddy_understands_it(tmp_path, domain):
    path = tmp_path / "caddy.json"
    path.write_text(json.dumps(configuration(site(tmp_path, domain=domain, listen_plain=["127.0.0.1:2"]))))

    done = subprocess.run(
        [str(server.program()), "validate", "--config", str(path)],
        env={"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_the_front_takes_what_the_pages_take(settings):
    assert settings.STRANGERS_BODY == SMALL_BODY
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == FORM_BODY
    assert settings.UPLOADS == UPLOADS


FORM_WITH_FILES = re.compile(r"<form[^>]*multipart/form-data[^>]*>")


def test_files_may_go_where_forms_send_them():
    forms = [
        (path, form)
        for path in (CODE / "tantam").glob("*/templates/**/*.html")
        for form in FORM_WITH_FILES.findall(path.read_text())
    ]
    assert forms
    for path, form in forms:
        named = re.search(r"action=\"{% url '([\w:-]+)'", form)
        name = named[1] if named else {"exchange/new.html": "exchange:new"}["/".join(path.parts[-2:])]
        address = "/" + re.sub("<int:[^>]*>", "1", ADDRESSES[name])
        assert any(re.search(pattern, address) for pattern, _ in UPLOADS), f"{path}: {address}"


def test_without_a_program_the_pages_answer_themselves_and_it_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(server, "program", lambda: None)

    assert server.for_installation(Installation(data=tmp_path)) is None
    assert "no server in front" in capsys.readouterr().err
    with pytest.raises(Trouble, match="cannot be served"):
        server.for_installation(Installation(data=tmp_path, domain="care.example.vn"))


@pytest.mark.skipif(server.program() is None, reason="no wheel of Caddy for this platform")
def test_a_program_that_does_not_run_gives_the_port_back(place, monkeypatch, capsys):
    broken = place / "caddy"
    broken.write_text("#!/bin/sh\necho 'wrong machine' >&2; exit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(server, "program", lambda: broken)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    installation = Installation(data=place / "d", port=port)
    installation.make_folders()

    front = server.for_installation(installation)

    assert not front.is_fit()
    assert "wrong machine" in capsys.readouterr().err
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def test_switched_off_it_is_not_started(tmp_path):
    assert server.for_installation(Installation(data=tmp_path, front=False)) is None
