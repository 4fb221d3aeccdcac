from __future__ import annotations

import pytest

from tantam.lib.addresses import own_path


@pytest.mark.parametrize("path", ["/", "/care/?tab=mine", "/patients/1/"])
def test_a_path_of_ours_is_kept(path):
    assert own_path(path, otherwise="/home/") == path


@pytest.mark.parametrize(
    "other",
    ["", "care", "999", "//evil.example", "https://evil.example/", "/\\evil.example", "\x00/", "a\x00b"],
)
def test_anything_else_leads_elsewhere(other):
    assert own_path(other, otherwise="/home/") == "/home/"
