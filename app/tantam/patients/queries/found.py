"""A patient as a search shows them: enough to tell two people of one name apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tantam.facility.queries import sites_by_id
from tantam.lib.dates import format_day
from tantam.lib.names import fold
from tantam.patients.models import PatientStatus, Sex
from tantam.patients.queries.phones import BEST_PHONE, open_phone
from tantam.ui import links

PHONE_END: Final = 3
# What a line shows of a patient `p`, with the phone to tell two of one name apart by.
CARD: Final = f"""p.id, p.code, p.full_name, p.birth_year, p.birth_date, p.sex, p.status, p.last_encounter_on,
       p.home_site_id, (SELECT c.value FROM {BEST_PHONE})"""


@dataclass(frozen=True, slots=True)
class FoundPatient:
    """One line of the results, ready to print.

    `born` is the date or the year alone; `phone_end` the last digits of the preferred phone ("…678");
    `name_marked` is HTML, with what was searched for in <mark>.
    """

    id: int
    code: str
    name: str
    name_marked: SafeString
    born: str
    sex: str
    phone_end: str
    last_encounter_on: date | None
    site_id: int | None
    status: str

    @property
    def url(self) -> str:
        return links.url("patient", self.id)

    @property
    def sex_label(self) -> str:
        return "" if self.sex == Sex.UNKNOWN else str(Sex(self.sex).label)

    @property
    def is_active(self) -> bool:
        return self.status == PatientStatus.ACTIVE

    @property
    def status_label(self) -> str:
        return str(PatientStatus(self.status).label)

    @property
    def last_encounter(self) -> str:
        return format_day(self.last_encounter_on) if self.last_encounter_on else ""

    @property
    def site_name(self) -> str:
        """Where they are usually seen; empty when there is only one site."""
        known = sites_by_id()
        site = known.get(self.site_id) if self.site_id else None
        return site.name if site and len(known) > 1 else ""

    @property
    def facts(self) -> str:
        """Year or day of birth, sex, end of the phone, last visit."""
        parts = [self.born, self.sex_label, self.phone_end]
        if self.last_encounter_on:
            parts.append(_("seen %(day)s") % {"day": format_day(self.last_encounter_on)})
        return " · ".join(part for part in parts if part)

    @property
    def hint(self) -> str:
        """The second line in one: the facts, the code, and whether they are still ours."""
        parts = [self.facts, self.code, "" if self.is_active else self.status_label]
        return " · ".join(part for part in parts if part)


def phone_end(phone: str) -> str:
    return f"…{phone[-PHONE_END:]}" if phone else ""


def found_patient(row: tuple[Any, ...], words: tuple[str, ...]) -> FoundPatient:
    """From a row of the search's statement, in the order of its columns."""
    pk, code, name, birth_year, birth_date, sex, status, last_encounter_on, site_id, sealed = row
    return FoundPatient(
        id=pk,
        code=code,
        name=name,
        name_marked=marked(name, words),
        born=format_day(birth_date) if birth_date else str(birth_year or ""),
        sex=sex,
        phone_end=phone_end(open_phone(sealed)),
        last_encounter_on=last_encounter_on,
        site_id=site_id,
        status=status,
    )


def marked(name: str, words: tuple[str, ...]) -> SafeString:
    """The name as HTML, the words (or beginnings of words) that were searched for in <mark>."""
    if not words:
        return escape(name)
    shown = []
    for word in name.split():
        key = _folded(word)
        # The longest beginning: of "ha" and "hang", Hằng is marked whole.
        length = max((len(asked) for asked in words if key.startswith(asked)), default=0)
        # A letter that folds to two would shift the edge; then the whole word is marked.
        edge = length if len(key) == len(word) else len(word)
        shown.append(f"<mark>{escape(word[:edge])}</mark>{escape(word[edge:])}" if length else escape(word))
    return mark_safe(" ".join(shown))  # every piece was escaped above


@lru_cache(maxsize=4_096)
def _folded(word: str) -> str:
    return fold(word)
