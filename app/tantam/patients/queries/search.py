"""Finding a patient among a million, in one or two statements (J1; see docs/decisions/0040-finding-patients.md).

What was typed fits a patient when each of its words begins a word of the name, and the birth and the phone fit. Those
who fit are ranked: born that day before born that year; every word whole, then all but the last (which may be half
typed), then the others; accents as typed; the whole name; seen most recently. And whenever a page of people or
fewer fit, all of them are on it.

Two kinds of sets give the candidates:

| candidates | index | right when |
|---|---|---|
| the last 1,500 patients seen, if their name has every word | patient_last_seen (alone) | the words are common |
| the last 1,500 seen of one last word, if they have every word | patient_last_word (alone) | a given name is whole |
| first word, whole name: most recently seen first | patient_first_word, patient_name_key | it is whole |
| as written with accents, most recently seen first | patient_name_written | the whole name was typed |
| everybody born on the day, or with the phone, if the name fits | patient_birth_date, contact_by_tail | always |
| everybody with the words, in any order, and the year | patient_words | few have them: a second statement |

The first kind ends early and is right for what is common; where it does not fill the page with people as near as can
be, what was typed is rare enough to fetch everybody from the word index.

A name condition with `ORDER BY last_encounter_on LIMIT` over the table must never be written: for a rare name
the planner walks the whole recency index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils import timezone

from tantam.lib.prepared import read_prepared
from tantam.patients.models.words import beginning, words_of
from tantam.patients.queries.asked import Asked, understand
from tantam.patients.queries.found import CARD, FoundPatient, found_patient
from tantam.patients.queries.phones import open_phone
from tantam.patients.rules.keys import (
    EMAIL,
    PHONE,
    TAIL_LENGTH,
    ZALO,
    contact_keys,
    identifier_index,
    identity_index,
    insurance_index,
    tail_index,
)

WALKED: Final = 1_500
WHOLE: Final = 60
NARROWED: Final = 20
EVERY: Final = 1_500
SAME_TAIL: Final = 2_000

# The commonest family and middle names. They are whole by themselves (looking for longer words that begin with
# one would read half an index), and beside another word they are not the given name.
_WHOLE_WORDS: Final = frozenset(
    ("nguyen", "thi", "van", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do")
)

Row = tuple[Any, ...]
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The first patients that fit, best first; `more` when there are others."""

    text: str
    patients: tuple[FoundPatient, ...] = ()
    more: bool = False
    understood: bool = True

    def __bool__(self) -> bool:
        return bool(self.patients)


def search_patients(
    text: str, *, limit: int = 10, with_identity: bool = False, today: date | None = None
) -> SearchResults:
    """Patients by any part of the name, phone, code, email, identity or insurance number.

    Accents, case, word order and the spelling of numbers do not matter; a year of birth or the end of a
    phone beside a name narrows it. Identity and insurance numbers are looked for only `with_identity`.
    Never refuses; `understood` is False when the text is too short to look for.
    """
    asked = understand(text, today=today or timezone.localdate())
    if asked.is_empty:
        return SearchResults(asked.text, understood=False)
    rows = _by_number(asked, limit + 1, with_identity=with_identity)
    if (asked.words or asked.birth_date) and (not rows or asked.birth_year):
        # "an 1972" may be a number of another system, and is a name and a year all the same.
        listed = {row[0] for row in rows}
        rows += [row for row in _by_name(asked, limit + 1) if row[0] not in listed]
    return SearchResults(
        asked.text, tuple(found_patient(row, asked.words) for row in rows[:limit]), more=len(rows) > limit
    )


_CARDS: Final = f"SELECT {CARD} FROM best JOIN patients_patient p USING (id)"

# --- by number -------------------------------------------------------------------------------------

_CODE = "SELECT id FROM patients_patient WHERE code = ANY(%(codes)s)"
_REACHED = "SELECT patient_id FROM patients_contactpoint WHERE value_index = ANY(%(reached)s)"
_IDENTITY = "SELECT id FROM patients_patient WHERE identity_index = ANY(%(identity)s)"
_INSURANCE = "SELECT id FROM patients_patient WHERE insurance_index = ANY(%(insurance)s)"
_SAME_TAIL = f"(SELECT patient_id FROM patients_contactpoint WHERE tail_index = %(tail)s LIMIT {SAME_TAIL})"
_IDENTIFIED = "SELECT patient_id FROM patients_identifier WHERE value_index = ANY(%(identified)s)"
_LISTED = "SELECT unnest(%(listed)s::bigint[])"


def _by_number(asked: Asked, limit: int, *, with_identity: bool) -> list[Row]:
    values: Values = {}
    sets: list[str] = []
    if asked.codes:
        sets.append(_CODE)
        values["codes"] = list(asked.codes)
    if asked.identifiers:
        sets.append(_IDENTIFIED)
        values["identified"] = [identifier_index(number) for number in asked.identifiers]
    reached = [contact_keys(kind, phone).value_index for phone in asked.phones for kind in (PHONE, ZALO)]
    reached += [contact_keys(EMAIL, email).value_index for email in asked.emails]
    if reached:
        sets.append(_REACHED)
        values["reached"] = reached
    if with_identity and asked.identity_numbers:
        sets.append(_IDENTITY)
        values["identity"] = [identity_index(number) for number in asked.identity_numbers]
    if with_identity and asked.insurance_numbers:
        sets.append(_INSURANCE)
        values["insurance"] = [insurance_index(number) for number in asked.insurance_numbers]
    if asked.tail and not asked.words:
        if len(asked.tail) == TAIL_LENGTH:
            sets.append(_SAME_TAIL)
            values["tail"] = tail_index(asked.tail)
        else:
            sets.append(_LISTED)
            values["listed"] = _ending(asked.tail)
    if not sets:
        return []
    # The hits are hundreds at most: sorting them costs less than being clever.
    return read_prepared(
        f"WITH hits (id) AS MATERIALIZED ({' UNION '.join(sets)}), best AS MATERIALIZED ("
        "SELECT id, last_encounter_on FROM hits JOIN patients_patient USING (id)"
        f" ORDER BY last_encounter_on DESC NULLS LAST, id DESC LIMIT {limit:d})"
        f"{_CARDS} ORDER BY best.last_encounter_on DESC NULLS LAST, id DESC",
        values,
    )


def _ending(digits: str) -> list[int]:
    """Patients with a phone that ends in five to nine digits: among those sharing the last four."""
    rows = read_prepared(
        f"SELECT patient_id, value FROM patients_contactpoint WHERE tail_index = %(tail)s LIMIT {SAME_TAIL}",
        {"tail": tail_index(digits)},
    )
    return [patient_id for patient_id, sealed in rows if open_phone(sealed).endswith(digits)]


# --- by name ---------------------------------------------------------------------------------------

_COLUMNS: Final = "p.id, p.full_name, p.name_key, p.birth_date, p.last_encounter_on"
_SINCE: Final = "ORDER BY p.last_encounter_on DESC NULLS LAST"
_FITS: Final = "(' ' || p.name_key) LIKE ALL (%(words)s)"
# The statements stay prepared, so what differs from one search to the next is a value, and what only some ask
# (a year, how many) is part of the text.
# Both walks read an index alone and end early; the rows of the few that fit are fetched afterwards.
_RECENT: Final = f"""(SELECT {_COLUMNS} FROM patients_patient p WHERE p.id = ANY(ARRAY(
    SELECT p.id FROM (SELECT id, name_key, birth_year FROM patients_patient
                       ORDER BY last_encounter_on DESC NULLS LAST LIMIT {WALKED}) p
     WHERE {_FITS} AND {{born}} LIMIT {{walk_limit}})))"""


def _called(given: str) -> str:
    """Walk those whose last word is the parameter `given`, the most recently seen first."""
    return f"""(SELECT {_COLUMNS} FROM patients_patient p WHERE p.id = ANY(ARRAY(
    SELECT p.id FROM (SELECT id, name_key_reversed, birth_year FROM patients_patient
                       WHERE split_part(name_key_reversed, ' ', 1) = %({given})s
                       ORDER BY last_encounter_on DESC NULLS LAST LIMIT {WALKED}) p
     WHERE (' ' || p.name_key_reversed) LIKE ALL (%(words)s) AND {{born}} LIMIT {{walk_limit}})))"""


_FIRST_WORD: Final = f"""(SELECT {_COLUMNS} FROM (SELECT * FROM patients_patient
    WHERE split_part(name_key, ' ', 1) = %(name)s ORDER BY last_encounter_on DESC NULLS LAST LIMIT {{first_limit}}) p
    WHERE {{born}} {_SINCE} LIMIT {{limit}})"""
_WHOLE_NAME: Final = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.name_key = %(name)s AND {{born}} {_SINCE} LIMIT {{whole_limit}})"""
_WRITTEN: Final = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.full_name = %(written)s AND {{born}} {_SINCE} LIMIT {{limit}})"""
# Few share a day.
_BORN_ON: Final = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.birth_date = %(day)s AND {_FITS} {_SINCE} LIMIT {EVERY})"""
_WITH_TAIL: Final = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.id = ANY(ARRAY(SELECT patient_id FROM patients_contactpoint WHERE tail_index = %(tail)s))
      AND {_FITS} AND {{born}})"""
_WITH_ENDING: Final = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.id = ANY(%(listed)s) AND {_FITS} AND {{born}})"""
_KNOWN: Final = f"(SELECT {_COLUMNS} FROM patients_patient p WHERE p.id = ANY(%(known)s))"


_FIT_SO: Final = {
    "all_whole": "(' ' || p.name_key || ' ') LIKE ALL (%(whole)s)",
    "all_but_last": "(' ' || p.name_key || ' ') LIKE ALL (%(whole_but_last)s)",
}
# The text of a statement is filled in by `format`.
_WORDS: Final = words_of("p").replace("{", "{{").replace("}", "}}")


def _indexed(asked: str) -> str:
    """Those who have the words of the parameter `asked` in any order: one look into the word index."""
    return f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE {_WORDS} @@ %({asked})s::tsquery AND {_FIT_SO.get(asked, _FITS)} LIMIT {EVERY})"""


# Of those who fit: born that day before born that year; every word whole, then all but the last, then the others;
# accents as typed; the whole name; seen most recently.
_BEST: Final = f"""WITH candidates AS MATERIALIZED ({{sets}}),
best AS MATERIALIZED (
    SELECT DISTINCT id, COALESCE(birth_date = %(day)s::date, false) AS that_day,
           CASE WHEN (' ' || name_key || ' ') LIKE ALL (%(whole)s) THEN 0
                WHEN (' ' || name_key || ' ') LIKE ALL (%(whole_but_last)s) THEN 1 ELSE 2 END AS step,
           %(written)s <> '' AND (' ' || full_name) LIKE ALL (%(accented)s) AS as_written,
           name_key = %(name)s AS whole_name, last_encounter_on
      FROM candidates
     ORDER BY that_day DESC, step, as_written DESC, whole_name DESC, last_encounter_on DESC NULLS LAST, id DESC
     LIMIT {{limit}})
SELECT {CARD}, best.step, best.as_written, (SELECT count(*) FROM candidates) >= {EVERY}
  FROM best JOIN patients_patient p USING (id)
ORDER BY best.that_day DESC, best.step, best.as_written DESC, best.whole_name DESC,
         best.last_encounter_on DESC NULLS LAST, id DESC"""

Step = tuple[int, bool]
"""How a row fits: 0 every word whole, 1 all but the last, 2 otherwise; and whether its accents are those typed."""


def _by_name(asked: Asked, limit: int) -> list[Row]:
    values = _values(asked)
    if asked.tail:
        exact = len(asked.tail) == TAIL_LENGTH
        values |= {"tail": tail_index(asked.tail)} if exact else {"listed": _ending(asked.tail)}
        return _best([_WITH_TAIL if exact else _WITH_ENDING], asked, limit, values)[0]
    if asked.birth_date is not None:
        if not asked.words:
            return _best([_BORN_ON], asked, limit, values)[0]
        values |= _queries(asked, f"#?{asked.birth_year}")
        return _every([_BORN_ON], ["all_whole", "all_but_last", "all_begun"], asked, limit, values)
    rows, steps, _more = _best(_quick_sets(asked, values), asked, limit, values)
    missing = _not_filled(asked, limit, steps)
    if not missing:
        return rows
    year = f"#{asked.birth_year}" if asked.birth_year else ""
    values |= _queries(asked, year) | {"known": [row[0] for row in rows]}
    return _every([_KNOWN], missing, asked, limit, values)


def _every(sets: list[str], missing: list[str], asked: Asked, limit: int, values: Values) -> list[Row]:
    """Everybody who fits, ranked; of more than 1,500, those as near as can be to what was typed.

    Each of the `missing` is part of the next: they are asked by themselves only where the last does not end.
    """
    rows, steps, more = _best([*sets, _indexed(missing[-1])], asked, limit, values)
    for name in missing[:-1] if more else ():
        if _is_filled(name, steps, limit):
            break
        values = values | {"known": [row[0] for row in rows]}
        rows, steps, _more = _best([_KNOWN, _indexed(name)], asked, limit, values)
    return rows


def _values(asked: Asked) -> Values:
    begun = [f"% {_literally(word)}%" for word in asked.words]
    whole = [f"% {_literally(word)} %" for word in asked.words]
    accented = [f"% {_literally(word)}" for word in _accented(asked)]
    return {
        "name": asked.name_key,
        "first": asked.words[0] if asked.words else "",
        "last": asked.words[-1] if asked.words else "",
        "written": asked.written,
        "words": begun,
        "whole": whole,
        "whole_but_last": [*whole[:-1], *begun[-1:]],
        "accented": [f"{pattern}%" for pattern in accented],
        "year": asked.birth_year,
        "day": asked.birth_date,
    }


def _accented(asked: Asked) -> list[str]:
    """The words that were typed with accents, with a capital as names have it."""
    return [word[:1].upper() + word[1:].lower() for word in asked.written.split() if not word.isascii()]


def _quick_sets(asked: Asked, values: Values) -> list[str]:
    sets = [_RECENT]
    if len(asked.words) == 1:
        sets += [_FIRST_WORD, _called("last")]
    else:
        # The given name is nearly always the rarest word, typed last or first.
        sets.append(_WHOLE_NAME)
        sets += [_called(place) for place in ("last", "first") if values[place] not in _WHOLE_WORDS]
    if asked.written:
        sets.append(_WRITTEN)
    return sets


def _not_filled(asked: Asked, limit: int, steps: list[Step]) -> list[str]:
    """What has still to be looked up in the word index.

    The page is right when it is full of people as near to what was typed as can be. Otherwise everybody of each
    step that did not fill it is fetched: when few fit, all of them are found.
    """
    narrow_to_wide = ["all_written"] if asked.written else []
    narrow_to_wide += ["all_whole", "all_but_last", "all_begun"][: 3 if len(asked.words) > 1 else 2]
    return [name for name in narrow_to_wide if not _is_filled(name, steps, limit)]


def _is_filled(name: str, steps: list[Step], limit: int) -> bool:
    """Whether the page is full of people who fit that well already."""
    match name:
        case "all_written":
            return sum(step == 0 and as_written for step, as_written in steps) >= limit
        case "all_whole":
            return sum(step == 0 for step, _written in steps) >= limit
        case "all_but_last":
            return sum(step <= 1 for step, _written in steps) >= limit
        case _:
            return len(steps) >= limit


def _queries(asked: Asked, birth: str) -> Values:
    """What the word index is asked: all words whole, all but the last, all perhaps half typed, as written."""
    words, last = asked.words, len(asked.words) - 1
    return {
        "all_whole": _query(words, set(), birth),
        "all_but_last": _query(words, {last}, birth),
        "all_begun": _query(words, set(range(len(words))), birth),
        "all_written": _query((*words, *_accented(asked)), {last}, birth),
    }


def _query(words: tuple[str, ...], begun: set[int], birth: str) -> str:
    """A tsquery of the words (those at the places `begun` are beginnings) and of a birth.

    Two of them that few have are enough: comparing the rows costs less than skipping through the lists of the common.
    """
    parts = [(word, place in begun) for place, word in enumerate(words)]
    rare = [part for part in parts if not _is_common(*part)]
    chosen = rare if len(rare) + bool(birth) > 1 and rare else parts
    terms = [beginning(word) if is_begun else word for word, is_begun in chosen]
    return " & ".join(_quoted(term) for term in ([birth, *terms] if birth else terms))


def _is_common(word: str, is_begun: bool) -> bool:
    if is_begun:
        return len(word) <= 2 or any(common.startswith(word) for common in _WHOLE_WORDS)
    return word in _WHOLE_WORDS


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _best(sets: list[str], asked: Asked, limit: int, values: Values) -> tuple[list[Row], list[Step], bool]:
    """The cards of the best candidates, how each fits, and whether the word index may know more."""
    by_year = asked.birth_year is not None and asked.birth_date is None
    text = _BEST.replace("{sets}", " UNION ALL ".join(sets)).format(
        born="p.birth_year = %(year)s" if by_year else "true",
        limit=limit,
        first_limit=WALKED if by_year else limit,
        # One patient in seventy has a given year of birth: full sets would be read from thousands of rows.
        whole_limit=NARROWED if by_year else WHOLE,
        walk_limit=WHOLE,
    )
    rows = read_prepared(text, values)
    return [row[:-3] for row in rows], [(row[-3], row[-2]) for row in rows], any(row[-1] for row in rows)


def _literally(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
