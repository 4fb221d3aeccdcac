"""What supervisors and Prometheus may ask."""

from __future__ import annotations


def test_alive_and_ready(client, db):
    assert client.get("/health/live").content == b"ok"
    assert client.get("/health/ready").content == b"ok"


def test_requests_are_counted_by_page(client, db):
    client.get("/account/login/")

    figures = client.get("/metrics").content.decode()

    assert 'tantam_requests_total{page="account_login",status="200"}' in figures
    assert 'tantam_request_seconds_bucket{le="0.04",page="account_login"}' in figures


def test_figures_are_for_this_machine_alone(client, db):
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 404
