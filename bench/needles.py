"""What the searches look for, taken from the data; and the ids of the pages that are opened."""

from __future__ import annotations

from random import Random
from urllib.parse import quote

import psycopg

from bench.rows import phone_of
from tantam.lib.names import fold
from tantam.lib.phones import display

OF_EACH = 40
Request = tuple[str, str, str]
"""Kind, path, a marker the answer must hold."""


def searches(url: str, size: int) -> list[Request]:
    """The mix: each kind as often as every other. Needles are patients drawn by chance from the whole table."""
    chance = Random("needles")
    found: list[Request] = []
    with psycopg.connect(url) as connection:
        for kind in ("full name", "name part", "last 4 digits", "full phone", "code"):
            for number in chance.sample(range(1, size + 1), min(OF_EACH, size)):
                row = connection.execute(
                    "SELECT full_name, code FROM patients_patient WHERE id = %s", [number]
                ).fetchone()
                if row is None:
                    raise RuntimeError(f"there is no patient {number}")
                found.append((kind, _search(_typed(kind, number, *row)), _marker(kind, row[1])))
        commonest = connection.execute(
            "SELECT split_part(full_name, ' ', 1) FROM patients_patient GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
    assert commonest is not None
    for family in (commonest[0], fold(commonest[0])):
        found += [("commonest family name", _search(family), "BN-")] * (OF_EACH // 2)
    return found


def _typed(kind: str, number: int, full_name: str, code: str) -> str:
    match kind:
        case "full name":
            return fold(full_name)
        case "name part":
            return " ".join(full_name.split()[-2:])
        case "last 4 digits":
            return phone_of(number)[-4:]
        case "full phone":
            return display(phone_of(number))
        case _:
            return code


def _marker(kind: str, code: str) -> str:
    """Many may share a name or an ending; a whole phone or a code finds its own patient."""
    return code if kind in ("full phone", "code") else "BN-"


def _search(text: str) -> str:
    return f"/search/?q={quote(text)}"


def patients(url: str) -> list[Request]:
    return _pages(url, "patient page", "patient_id", "/patients/{}/", "BN-")


def calls(url: str) -> list[Request]:
    return _pages(url, "call screen", "id", "/care/calls/{}/", "BN-")


def _pages(url: str, kind: str, column: str, path: str, marker: str) -> list[Request]:
    """Pages of open contacts that nobody holds, drawn by chance: patients about whom there is something to do."""
    query = f"SELECT {column} FROM care_caretask WHERE status = 'open' AND claimed_by_id IS NULL ORDER BY id"
    with psycopg.connect(url) as connection:
        ids = [row[0] for row in connection.execute(query)]
    return [(kind, path.format(one), marker) for one in Random(kind).sample(ids, min(200, len(ids)))]


def work_list(_url: str) -> list[Request]:
    return [("work list", "/care/", "BN-")]


def split(requests: list[Request], count: int) -> list[list[Request]]:
    """A list for each connection, none of them asking for what another asks for: a call is one agent's."""
    return [requests[number::count] for number in range(count)]
