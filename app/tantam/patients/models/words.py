"""The words a patient is found by, in whatever order they are typed, for one index (see queries/search.py).

They are every word of the name without accents ("lan"), its beginnings of one to five letters ("l:", "la:", "lan:"),
every word as it is written ("Lan", "Hằng"), the year of birth ("#1964"), and of those of whom only the year is known,
the year again ("#?1964"). Beginnings are words of their own because PostgreSQL reads everything that begins with "ng"
where it only skips through what stands under "ng:".
"""

from __future__ import annotations

from typing import Final

LONGEST_BEGINNING: Final = 5


def words_of(patient: str) -> str:
    """SQL for the words of a row of `patients_patient` called `patient`; "" inside the index itself.

    It is made of functions that give the same for ever, so that an index may hold it: no text search configuration,
    no `concat`, no `||` of anything but texts.
    """
    row = f"{patient}." if patient else ""
    year = f"{row}birth_year::text"
    begun = " || ' ' || ".join(
        f"regexp_replace({row}name_key, '([^ ]{{1,{length}}})[^ ]*', '\\1:', 'g')"
        for length in range(1, LONGEST_BEGINNING + 1)
    )
    return (
        f"array_to_tsvector(array_remove(string_to_array({row}name_key || ' ' || {row}full_name || ' ' || {begun}"
        f" || COALESCE(' #' || {year} || CASE WHEN {row}birth_date IS NULL THEN ' #?' || {year} ELSE '' END, ''),"
        " ' '), ''))"
    )


def beginning(word: str) -> str:
    """The word under which all stand that begin so; of a longer beginning, more than those."""
    return f"{word[:LONGEST_BEGINNING]}:"
