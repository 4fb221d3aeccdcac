"""Whole numbers as they come in addresses."""

from __future__ import annotations

_LONGEST = 18
"""Digits that always fit into the database's bigint."""


def whole_number(text: str | None) -> int | None:
    """The number an address or a hidden field holds; None for anything that is not one of ours.

    Plain digits only: no sign, no figures of other scripts, nothing beyond what a row's number can be.
    """
    return int(text) if text and len(text) <= _LONGEST and text.isascii() and text.isdigit() else None
