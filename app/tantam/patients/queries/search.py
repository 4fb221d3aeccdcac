"""Finding a patient among a million, in one or two statements (J1; see docs/decisions/0040-finding-patients.md).

Names are looked for in bounded sets of candidates, each read from an index that ends early, and ranked
together: as written with accents, then the whole name, then seen most recently.

| candidates | index | right when |
|---|---|---|
| the last 1,500 patients seen, if their name has every word | patient_last_seen (alone) | the words are common |
| the last 1,500 seen of one last word, if they have every word | patient_last_word (alone) | a given name is whole |
| first word, whole name: most recently seen first | patient_first_word, patient_name_key | it is whole |
| born on the day, or in its year if only that is known | patient_birth_date, _birth_year | a birth was typed |
| names beginning with it, forward and backward | patient_name_key, _name_reversed | it is rare, or half typed |
| as written with accents | patient_name_written | it was typed with accents |
| words in any order | patient_name_words | none of these filled the page: a second statement |

A name condition with `ORDER BY last_visit_on LIMIT` over the table must never be written: for a rare name
the planner walks the whole recency index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils import timezone

from tantam.lib.prepared import read_prepared
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
BEGINNING: Final = 100
NARROWED: Final = 20
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
    if (asked.words or asked.birth_date) and not rows:
        rows = _by_name(asked, limit + 1)
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
        "SELECT id, last_visit_on FROM hits JOIN patients_patient USING (id)"
        f" ORDER BY last_visit_on DESC NULLS LAST, id DESC LIMIT {limit:d})"
        f"{_CARDS} ORDER BY best.last_visit_on DESC NULLS LAST, id DESC",
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

_COLUMNS = "p.id, p.full_name, p.name_key, p.last_visit_on"
_SINCE = "ORDER BY p.last_visit_on DESC NULLS LAST"
# The statements stay prepared, so what differs from one search to the next is a value, and what only some ask
# (a birth, how many) is part of the text.
# Both walks read an index alone and end early; the rows of the few that fit are fetched afterwards.
_RECENT = f"""(SELECT {_COLUMNS} FROM patients_patient p WHERE p.id = ANY(ARRAY(
    SELECT p.id FROM (SELECT id, name_key, birth_year, birth_date FROM patients_patient
                       ORDER BY last_visit_on DESC NULLS LAST LIMIT {WALKED}) p
     WHERE (' ' || p.name_key) LIKE ALL (%(words)s) AND {{born}} LIMIT {{limit}})))"""


def _called(given: str) -> str:
    """Walk those whose last word is the parameter `given`, the most recently seen first."""
    return f"""(SELECT {_COLUMNS} FROM patients_patient p WHERE p.id = ANY(ARRAY(
    SELECT p.id FROM (SELECT id, name_key_reversed, birth_year, birth_date FROM patients_patient
                       WHERE split_part(name_key_reversed, ' ', 1) = %({given})s
                       ORDER BY last_visit_on DESC NULLS LAST LIMIT {WALKED}) p
     WHERE (' ' || p.name_key_reversed) LIKE ALL (%(words)s) AND {{born}} LIMIT {{called_limit}})))"""


_FIRST_WORD = f"""(SELECT {_COLUMNS} FROM (SELECT * FROM patients_patient
    WHERE split_part(name_key, ' ', 1) = %(name)s ORDER BY last_visit_on DESC NULLS LAST LIMIT {{first_limit}}) p
    WHERE {{born}} {_SINCE} LIMIT {{limit}})"""
_WHOLE_NAME = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.name_key = %(name)s AND {{born}} {_SINCE} LIMIT {{whole_limit}})"""
_BEGINNING = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.name_key ~>=~ %(name)s AND p.name_key ~<~ %(name_end)s AND {{born}} LIMIT {{beginning_limit}})"""
_BACKWARD = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.name_key_reversed ~>=~ %(back)s AND p.name_key_reversed ~<~ %(back_end)s AND {{born}}
    LIMIT {{beginning_limit}})"""
_WRITTEN = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.full_name = %(written)s AND {{born}} {_SINCE} LIMIT {{limit}})"""
_WRITTEN_BEGINNING = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.full_name ~>=~ %(written)s AND p.full_name ~<~ %(written_end)s AND {{born}} LIMIT {{beginning_limit}})"""
_ANY_ORDER = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE to_tsvector('simple'::regconfig, COALESCE(p.name_key, '')) @@ to_tsquery('simple', %(lexemes)s)
      AND {{born}} LIMIT {{beginning_limit}})"""
# Few share a day, and those of whom only the year is known are few by year.
_BORN_ON = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.birth_date = %(day)s AND (' ' || p.name_key) LIKE ALL (%(words)s) {_SINCE} LIMIT {WHOLE})"""
_BORN_THAT_YEAR = f"""(SELECT {_COLUMNS} FROM patients_patient p WHERE p.id = ANY(ARRAY(
    SELECT p.id FROM (SELECT id, name_key FROM patients_patient
                       WHERE birth_date IS NULL AND birth_year = %(year)s LIMIT {WALKED}) p
     WHERE (' ' || p.name_key) LIKE ALL (%(words)s) LIMIT {WHOLE})))"""
_WITH_TAIL = f"""(SELECT {_COLUMNS} FROM patients_patient p
    WHERE p.id = ANY(ARRAY(SELECT patient_id FROM patients_contactpoint WHERE tail_index = %(tail)s))
      AND (' ' || p.name_key) LIKE ALL (%(words)s) AND {{born}})"""

_BEST = f"""WITH candidates AS MATERIALIZED ({{sets}}),
best AS MATERIALIZED (
    SELECT DISTINCT id, %(written)s <> '' AND strpos(full_name, %(written)s) > 0 AS as_written,
           name_key = %(name)s AS whole, last_visit_on
      FROM candidates ORDER BY as_written DESC, whole DESC, last_visit_on DESC NULLS LAST, id DESC
     LIMIT {{limit}})
SELECT {CARD}, best.whole FROM best JOIN patients_patient p USING (id)
ORDER BY best.as_written DESC, best.whole DESC, best.last_visit_on DESC NULLS LAST, id DESC"""

# Beyond every letter that a key can hold.
_AFTER_ALL = "\U0010ffff"


def _by_name(asked: Asked, limit: int) -> list[Row]:
    name = asked.name_key
    backward = " ".join(reversed(asked.words))
    values: Values = {
        "name": name,
        "name_end": name + _AFTER_ALL,
        "first": asked.words[0] if asked.words else "",
        "last": asked.words[-1] if asked.words else "",
        "back": backward,
        "back_end": backward + _AFTER_ALL,
        "written": asked.written,
        "written_end": asked.written + _AFTER_ALL,
        "words": [f"% {_literally(word)}%" for word in asked.words],
        "year": asked.birth_year,
        "day": asked.birth_date,
    }
    if asked.tail:
        values["tail"] = tail_index(asked.tail)
        return [row[:-1] for row in _best([_WITH_TAIL], asked, limit, values)]
    if asked.birth_date is not None:
        sets = [_BORN_ON, _BORN_THAT_YEAR] if asked.words else [_BORN_ON]
        return [row[:-1] for row in _best(sets, asked, limit, values)]
    sets = [_RECENT, _BEGINNING, _BACKWARD]
    if len(asked.words) == 1:
        sets += [_FIRST_WORD, _called("last")]
    else:
        # The given name is nearly always the rarest word, typed last or first.
        sets.append(_WHOLE_NAME)
        sets += [_called(place) for place in ("last", "first") if values[place] not in _WHOLE_WORDS]
    if asked.written:
        sets += [_WRITTEN, _WRITTEN_BEGINNING]
    rows = _best(sets, asked, limit, values)
    whole_names = len(asked.words) > 2 and any(row[-1] for row in rows)
    if len(rows) < limit and not whole_names:
        rows = _best([*sets, _ANY_ORDER], asked, limit, values | {"lexemes": _lexemes(asked.words)})
    return [row[:-1] for row in rows]


def _best(sets: list[str], asked: Asked, limit: int, values: Values) -> list[Row]:
    """The cards of the best candidates; behind each, whether the whole name was meant."""
    born = ["p.birth_year = %(year)s"] if asked.birth_year else ["true"]
    if asked.birth_date:
        born.append("(p.birth_date IS NULL OR p.birth_date = %(day)s)")
    text = _BEST.replace("{sets}", " UNION ALL ".join(sets)).format(
        born=" AND ".join(born),
        limit=limit,
        first_limit=WALKED if asked.birth_year else limit,
        # One patient in seventy has a given year of birth: full sets would be read from thousands of rows.
        whole_limit=NARROWED if asked.birth_year else WHOLE,
        called_limit=limit if len(asked.words) > 1 else WHOLE,
        beginning_limit=NARROWED if asked.birth_year else BEGINNING,
    )
    return read_prepared(text, values)


def _lexemes(words: tuple[str, ...]) -> str:
    """Every word, in any order; the last may be half typed."""
    quoted = ["'" + word.replace("\\", "").replace("'", "''") + "'" for word in words]
    if words[-1] not in _WHOLE_WORDS:
        quoted[-1] += ":*"
    return " & ".join(quoted)


def _literally(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
