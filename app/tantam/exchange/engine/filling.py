"""Put what a file says into a draft: cleaned, in our spelling, with a note of what could not be used.

Every function takes the draft, the raw value and `column` (a sheet's header or a FHIR element), and leaves
the draft as it was when the value is empty. A value that cannot be used is noted on the draft; only
where a wrong value would be dangerous (who the patient is, when something happened) is the draft refused.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Any
from unicodedata import is_normalized

from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.drafts import Contact, Draft, PatientDraft, RelativeDraft
from tantam.exchange.engine.problems import Problem
from tantam.lib.dates import RawDate, parse_birth, parse_day, parse_moment
from tantam.lib.errors import Refusal
from tantam.lib.identity import parse_citizen_number, parse_insurance_number
from tantam.lib.names import clean_name
from tantam.lib.phones import parse_phone, split_phones
from tantam.lib.text import clean_text, drop_controls, shorten

NAME_LIMIT = 160
PHONES_AT_MOST = 8
_EMAIL = re.compile(r"[^@\s,;<>()\"']{1,64}@[^@\s,;<>()\"']{1,180}\.[^@\s,;<>()\"'.]{2,60}")

TEXT_SHORTENED = _("The text had %(length)s characters; it was shortened to %(limit)s.")
NAME_MISSING = _("There is no name.")
NAME_NOT_A_NAME = _("This is not a name: it has no letters.")
EMAIL_INVALID = _("This is not an email address.")
TOO_MANY_PHONES = _("Only the first %(limit)s numbers were taken.")


def note(draft: Draft, problem: Problem) -> None:
    draft.problems.append(problem)


def refuse(draft: Draft, code: str, sentence: object, *, column: str = "", value: object = "") -> None:
    """Leave the whole draft out, for this reason."""
    note(draft, Problem.of(code, sentence, field=column, value=value, refuses=True))


def one_line(raw: object, limit: int) -> str:
    """Any value as one clean line of at most `limit` characters; "" for None."""
    if raw is None:
        return ""
    return shorten(drop_controls(str(raw)[: 8 * limit + 200], kept="\n\t"), limit)


def fill_line(draft: Draft, field: str, raw: object, *, limit: int, column: str) -> None:
    """One line of text; what is too long is shortened and noted."""
    if raw is None:
        return
    text = raw if isinstance(raw, str) else str(raw)
    if len(text) <= limit and text.isprintable() and is_normalized("NFC", text):
        flat = " ".join(text.split())
    elif len(text) > 8 * limit + 200:
        flat = one_line(text, limit)
    else:
        flat = " ".join(clean_text(text, max_length=8 * limit + 200).split())
    if not flat:
        return
    if len(flat) > limit or len(text) > 8 * limit + 200:
        note(draft, _shortened(column, text, limit))
        flat = shorten(flat, limit)
    setattr(draft, field, flat)


def fill_text(draft: Draft, field: str, raw: object, *, column: str, limit: int = 20_000) -> None:
    """Text of several lines; what is too long is shortened and noted."""
    if raw is None:
        return
    text = str(raw)
    kept = clean_text(text[: limit + 1_000], max_length=limit + 1_000)
    if not kept:
        return
    if len(kept) > limit or len(text) > limit + 1_000:
        note(draft, _shortened(column, text, limit))
        kept = kept[: limit - 1].rstrip() + "…"
    setattr(draft, field, kept)


def _shortened(column: str, text: str, limit: int) -> Problem:
    return Problem.of(
        "text_shortened", TEXT_SHORTENED, field=column, value=text[:200], length=len(text), limit=limit
    )


def fill_name(draft: Draft, raw: object, *, column: str, limit: int = NAME_LIMIT) -> None:
    """A person's name. A draft without a usable name is refused."""
    text = raw if isinstance(raw, str) and len(raw) <= limit and raw.isprintable() else one_line(raw, 2_000)
    name = clean_name(text)
    if not name:
        refuse(draft, "name_missing", NAME_MISSING, column=column)
        return
    if not any(character.isalpha() for character in name):
        refuse(draft, "name_not_a_name", NAME_NOT_A_NAME, column=column, value=text)
        return
    fill_line(draft, "full_name", name, limit=limit, column=column)


def fill_birth(draft: PatientDraft, raw: RawDate | None, *, column: str, today: date) -> None:
    """A date or year of birth. One that does not exist or is to come refuses the patient (B1)."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return
    try:
        birth = parse_birth(raw, today=today)
    except Refusal as refusal:
        note(draft, Problem.from_refusal(refusal, field=column, value=raw, refuses=True))
        return
    draft.birth_year, draft.birth_date = birth.year, birth.date


def fill_identity(draft: PatientDraft, raw: Any, *, column: str) -> None:
    """An identity number; one that is none is noted and left out."""
    if raw is None or not str(raw).strip():
        return
    try:
        draft.identity_number = parse_citizen_number(raw)
    except Refusal as refusal:
        note(draft, Problem.from_refusal(refusal, field=column, value=raw))


def fill_insurance(draft: PatientDraft, raw: Any, *, column: str) -> None:
    """A health insurance number; one that is none is noted and left out."""
    if raw is None or not str(raw).strip():
        return
    try:
        draft.insurance_number = parse_insurance_number(raw)
    except Refusal as refusal:
        note(draft, Problem.from_refusal(refusal, field=column, value=raw))


def add_phones(
    draft: PatientDraft | RelativeDraft,
    raw: Any,
    *,
    column: str,
    owner: str = "self",
    owner_name: str = "",
    region: str = "VN",
) -> None:
    """All telephone numbers of one cell; the first is the preferred one. What is no number is noted."""
    if raw is None or not str(raw).strip():
        return
    pieces = split_phones(raw if isinstance(raw, int | float) else str(raw)[:200]) or [str(raw)]
    if len(pieces) > PHONES_AT_MOST:
        note(
            draft,
            Problem.of("too_many_phones", TOO_MANY_PHONES, field=column, value=raw, limit=PHONES_AT_MOST),
        )
    for piece in pieces[:PHONES_AT_MOST]:
        try:
            number = parse_phone(piece, region).e164
        except Refusal as refusal:
            note(draft, Problem.from_refusal(refusal, field=column, value=piece))
            continue
        _add(draft, Contact("phone", number, owner, one_line(owner_name, 120)))


def add_email(
    draft: PatientDraft | RelativeDraft,
    raw: object,
    *,
    column: str,
    owner: str = "self",
    owner_name: str = "",
) -> None:
    """An email address, in small letters. What is none is noted."""
    text = one_line(raw, 300).strip("<>").lower().removeprefix("mailto:")
    if not text:
        return
    if not _EMAIL.fullmatch(text):
        note(draft, Problem.of("email_invalid", EMAIL_INVALID, field=column, value=text))
        return
    _add(draft, Contact("email", text, owner, one_line(owner_name, 120)))


def _add(draft: PatientDraft | RelativeDraft, contact: Contact) -> None:
    if all((known.kind, known.value) != (contact.kind, contact.value) for known in draft.contacts):
        draft.contacts.append(contact)


def fill_day(
    draft: Draft, field: str, raw: RawDate | None, *, column: str, today: date, refuses: bool = False
) -> None:
    """A calendar day; one that cannot be read is noted, or refuses the draft where it `refuses`."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return
    try:
        setattr(draft, field, parse_day(raw, today=today))
    except Refusal as refusal:
        note(draft, Problem.from_refusal(refusal, field=column, value=raw, refuses=refuses))


def fill_moment(
    draft: Draft, field: str, raw: RawDate | None, *, column: str, zone: tzinfo, refuses: bool = False
) -> None:
    """A point in time, kept in UTC so that one moment has one spelling."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return
    moment = read_moment(draft, raw, column=column, zone=zone, refuses=refuses)
    if moment is not None:
        setattr(draft, field, moment)


def _in_utc(raw: RawDate, zone: tzinfo) -> datetime:
    return parse_moment(raw, zone).astimezone(UTC)


_day_before = lru_cache(20_000)(_in_utc)


def read_moment(
    draft: Draft, raw: RawDate, *, column: str, zone: tzinfo, refuses: bool = False
) -> datetime | None:
    try:
        # Sheets say the same days again and again; a day alone is always a short text.
        return _day_before(raw, zone) if type(raw) is str and len(raw) <= 10 else _in_utc(raw, zone)
    except (Refusal, OverflowError) as error:
        if isinstance(error, Refusal):
            note(draft, Problem.from_refusal(error, field=column, value=raw, refuses=refuses))
        return None
