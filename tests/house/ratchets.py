"""Numbers that only fall. After making one smaller, write it down: `python -m tests.house.ratchets` prints them."""

from __future__ import annotations

PREPARED: dict[str, int] = {
    "accounts": 2,
    "care": 7,
    "desk": 2,
    "knowledge": 1,
    "patients": 4,
    "privacy": 1,
    "records": 6,
}
ANY: dict[str, int] = {
    "accounts": 18,
    "care": 58,
    "desk": 9,
    "exchange": 147,
    "journal": 15,
    "knowledge": 5,
    "lib": 51,
    "patients": 54,
    "privacy": 22,
    "records": 19,
    "ui": 36,
}

if __name__ == "__main__":
    from tests.house.limits import anythings, prepared_questions
    from tests.house.tree import HOUSE

    print(f"PREPARED: dict[str, int] = {prepared_questions(HOUSE)}")
    print(f"ANY: dict[str, int] = {anythings(HOUSE)}")
