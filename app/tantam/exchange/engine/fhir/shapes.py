"""Look into resources of which nothing is certain: wrong shapes read as absent, never as an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from urllib.parse import unquote

import orjson
from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.drafts import Draft, Kind, PractitionerDraft, external_id, opaque_id
from tantam.exchange.engine.filling import note, one_line
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.titles import without_title
from tantam.lib.crypto import keyed_digest
from tantam.lib.dates import MomentInvalid, parse_moment
from tantam.lib.names import fold

Json = dict[str, Any]

EARLIEST = 1850
YEARS_AHEAD = 20
DATE_OUT_OF_RANGE = _("“%(value)s” is too far from today to be meant.")

_KINDS = {
    "Patient": Kind.PATIENT,
    "Practitioner": Kind.PRACTITIONER,
    "PractitionerRole": Kind.ROLE,
    "Encounter": Kind.ENCOUNTER,
    "Medication": Kind.MEDICATION,
    "Condition": Kind.DIAGNOSIS,
}


def an_object(value: Any) -> Json:
    """The object, the first object of a list, or {}."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return next((item for item in value if isinstance(item, dict)), {})
    return {}


def objects(value: Any) -> list[Json]:
    """The objects of a list; one object alone counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def word(value: Any) -> str:
    """The string, or "" for anything else."""
    return value if isinstance(value, str) else ""


def words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def number(value: Any) -> float | int | None:
    """The number; a number written as a string counts; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and len(value) < 40:
        try:
            return float(value)
        except ValueError:
            return None
    return None


def codings(concept: Any) -> list[Json]:
    return objects(an_object(concept).get("coding"))


def code_in(concept: Any) -> str:
    """The first code of a CodeableConcept."""
    return next((word(coding.get("code")) for coding in codings(concept) if word(coding.get("code"))), "")


def said_in(concept: Any) -> str:
    """The words of a CodeableConcept: its text, else a display, else a code."""
    found = an_object(concept)
    text = word(found.get("text"))
    if text.strip():
        return text
    for name in ("display", "code"):
        for coding in codings(found):
            if word(coding.get(name)).strip():
                return word(coding.get(name))
    return ""


@dataclass(slots=True)
class Where:
    """Where a resource stands, and what is needed to read it."""

    file: str
    row: int | None
    zone: tzinfo
    today: date
    full_url: str = ""
    is_posted: bool = False
    contained: dict[str, Json] = field(default_factory=dict)

    def names(self, resource: Json) -> tuple[str, list[str]]:
        """The external id of a resource and its other names.

        What is posted is named by its full URL: its id is only the file's own. Without any name the
        content itself is the name, so that the same file read twice still says the same thing.
        """
        own = external_id(word(resource.get("id")))
        url = _id_in_url(self.full_url)
        if self.is_posted and self.full_url.startswith("urn:") and url:
            return url, []
        if own:
            return own, [url] if url and url != own else []
        if url:
            return url, []
        body = {name: value for name, value in resource.items() if name != "meta"}
        content = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        return "~" + keyed_digest("import:content", content).hex(), []

    def moment(self, draft: Draft, raw: Any, *, column: str, refuses: bool = False) -> datetime | None:
        """A FHIR date, dateTime or instant as a moment in UTC; what cannot be read is noted."""
        text = word(raw)
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text) if len(text) > 10 else parse_moment(text, self.zone)
        except (ValueError, MomentInvalid):
            try:
                found = parse_moment(text, self.zone)
            except MomentInvalid as refusal:
                note(draft, Problem.from_refusal(refusal, field=column, value=text, refuses=refuses))
                return None
        if not EARLIEST <= found.year <= self.today.year + YEARS_AHEAD:
            problem = Problem.of(
                "date_out_of_range", DATE_OUT_OF_RANGE, field=column, value=text, refuses=refuses
            )
            note(draft, problem.with_params(value=one_line(text, 40)))
            return None
        return (found if found.tzinfo else found.replace(tzinfo=self.zone)).astimezone(UTC)

    def day(self, draft: Draft, raw: Any, *, column: str, refuses: bool = False) -> date | None:
        """The calendar day, at the site, of a FHIR date, dateTime or instant."""
        found = self.moment(draft, raw, column=column, refuses=refuses)
        return found.astimezone(self.zone).date() if found else None


def _id_in_url(url: str) -> str:
    """The logical id at the end of a URL or URN; "" when it has none."""
    if url.startswith("urn:"):
        return external_id(url.rsplit(":", 1)[-1])
    path = url.split("?", 1)[0].split("/_history/", 1)[0].rstrip("/")
    return external_id(path.rsplit("/", 1)[-1])


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a Reference means: which kind (None when it does not say), which external id, what it is called."""

    kind: Kind | None
    type: str
    id: str
    display: str
    inner: Json

    def __bool__(self) -> bool:
        return bool(self.id or self.inner)


NOWHERE = Pointer(None, "", "", "", {})


def identifier_alias(system: str, value: str) -> str:
    """The name by which a business identifier stands in for its owner; nobody can read the value back."""
    return opaque_id("identifier", f"{system}|{value}")


def pointer(reference: Any, where: Where) -> Pointer:
    """Follow any spelling of a reference: relative, absolute, URN, conditional, contained, by identifier."""
    found = an_object(reference)
    raw = word(found.get("reference")).strip()
    kind_name, display = word(found.get("type")), one_line(found.get("display"), 200)
    if raw.startswith("#"):
        inner = where.contained.get(raw[1:], {})
        type_name = word(inner.get("resourceType"))
        return Pointer(_KINDS.get(type_name), type_name, "", display, inner)
    if not raw:
        identifier = an_object(found.get("identifier"))
        value = word(identifier.get("value"))
        alias = identifier_alias(word(identifier.get("system")), value) if value else ""
        return Pointer(_KINDS.get(kind_name), kind_name, alias, display, {})
    if raw.startswith("urn:"):
        return Pointer(_KINDS.get(kind_name), kind_name, _id_in_url(raw), display, {})
    path, _mark, query = raw.partition("?")
    parts = path.split("/_history/", 1)[0].rstrip("/").split("/")
    if query:
        kind_name = parts[-1]
        name, _equals, value = query.partition("&")[0].partition("=")
        system, bar, plain = unquote(value).partition("|")
        if name != "identifier":
            return Pointer(_KINDS.get(kind_name), kind_name, external_id(raw), display, {})
        alias = identifier_alias(system if bar else "", plain if bar else system)
        return Pointer(_KINDS.get(kind_name), kind_name, alias, display, {})
    if len(parts) >= 2:
        kind_name = parts[-2]
    return Pointer(_KINDS.get(kind_name), kind_name, external_id(parts[-1]), display, {})


def patient_in(resource: Json, where: Where, *names: str) -> str | None:
    """The external id of the patient a resource is about: "" when it names none, None when not a patient."""
    for name in names or ("subject", "patient"):
        if name in resource:
            found = pointer(resource[name], where)
            if found.type not in ("", "Patient"):
                return None
            if found:
                return found.id
    return ""


def encounter_in(resource: Json, where: Where) -> str | None:
    found = pointer(resource.get("encounter") or resource.get("context"), where)
    return found.id if found and found.type in ("", "Encounter") and found.id else None


def practitioner_in(references: Iterator[Any], where: Where) -> tuple[str | None, list[PractitionerDraft]]:
    """The first practitioner among references, and a mention of them when the reference says a name."""
    for reference in references:
        found = pointer(reference, where)
        if found.type not in ("", "Practitioner", "PractitionerRole"):
            continue
        called = found.display or _inner_name(found.inner)
        ref = found.id or (f"name:{fold(without_title(called)[1])}"[:200] if called else "")
        if not ref:
            continue
        title, name = without_title(called)
        mentions = []
        if any(character.isalpha() for character in name):
            mentions.append(
                PractitionerDraft(
                    external_id=ref,
                    file=where.file,
                    row=where.row,
                    full_name=one_line(name, 120),
                    title=title or None,
                    is_mention=True,
                )
            )
        return ref, mentions
    return None, []


def _inner_name(inner: Json) -> str:
    named = an_object(inner.get("name"))
    given = " ".join(words(named.get("given")))
    return word(named.get("text")) or f"{given} {word(named.get('family'))}".strip()
