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
    "accounts": 47,
    "care": 58,
    "desk": 11,
    "exchange": 151,
    "journal": 19,
    "knowledge": 5,
    "lib": 92,
    "patients": 58,
    "privacy": 33,
    "records": 20,
    "ui": 33,
}

if __name__ == "__main__":
    from tests.house.limits import anythings, prepared_questions
    from tests.house.tree import HOUSE

    print(f"PREPARED: dict[str, int] = {prepared_questions(HOUSE)}")
    print(f"ANY: dict[str, int] = {anythings(HOUSE)}")
