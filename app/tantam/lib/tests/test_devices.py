from __future__ import annotations

import pytest

from tantam.lib.devices import device_of

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"
)


@pytest.mark.parametrize(
    ("said", "shown", "hand_held"),
    [
        (CHROME, "Chrome · Windows", False),
        (CHROME + " Edg/126.0.0.0", "Edge · Windows", False),
        (IPHONE, "Safari · iPhone", True),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox · Linux", False),
        (
            "Mozilla/5.0 (Linux; Android 14; K) Chrome/126 Mobile",
            "Chrome · Android",
            True,
        ),
        ("curl/8.0", "", False),
        ("", "", False),
    ],
)
def test_a_device_is_named_as_people_know_it(said, shown, hand_held):
    device = device_of(said)
    assert (str(device), device.is_hand_held) == (shown, hand_held)
