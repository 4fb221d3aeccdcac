"""A small house to plant a breach in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.house.tree import House

Plant = Callable[[dict[str, str]], House]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """`plant({"care/views.py": "…"})`: a house of exactly these files."""
    numbers: Iterator[int] = count()

    def planted(files: dict[str, str]) -> House:
        root = tmp_path / f"house{next(numbers)}"
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return House(root)

    return planted
