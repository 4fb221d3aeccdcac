"""The client's address is what our own proxy wrote down, never what the sender did."""

import pytest

from tantam.lib.forwarded import believing, client_of


@pytest.mark.parametrize(
    ("header", "proxies", "client"),
    [
        pytest.param("203.0.113.7", 1, "203.0.113.7", id="one"),
        pytest.param(
            "198.51.100.1, 203.0.113.7", 1, "203.0.113.7", id="what-the-sender-wrote-is-passed-over"
        ),
        pytest.param("198.51.100.1, 203.0.113.7, 10.0.0.2", 2, "203.0.113.7", id="two-proxies"),
        pytest.param("2001:db8::1", 1, "2001:db8::1", id="v6"),
        pytest.param("[2001:db8::1]", 1, "2001:db8::1", id="v6-in-brackets"),
        pytest.param("203.0.113.7", 2, "", id="fewer-than-there-are-proxies"),
        pytest.param("unknown", 1, "", id="no-address"),
        pytest.param("", 1, "", id="nothing"),
    ],
)
def test_the_client_stands_as_far_from_the_right_as_there_are_proxies(header, proxies, client):
    assert client_of(header, proxies) == client


def seen(environ, proxies):
    def application(given, start_response):
        return [given["REMOTE_ADDR"].encode(), str("HTTP_X_FORWARDED_FOR" in given).encode()]

    return b" ".join(believing(application, proxies=proxies)(environ, None)).decode()


def test_behind_a_proxy_the_header_is_read_once_and_taken_away():
    assert seen({"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}, 1) == "203.0.113.7 False"
    assert seen({"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "rubbish"}, 1) == "127.0.0.1 False"


def test_without_a_proxy_nothing_is_believed():
    assert seen({"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}, 0) == "10.0.0.9 True"
