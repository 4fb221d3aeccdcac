"""Patient, RelatedPerson, Practitioner and PractitionerRole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from tantam.exchange.engine.drafts import (
    Draft,
    PatientDraft,
    PractitionerDraft,
    RelativeDraft,
    RoleDraft,
    opaque_id,
)
from tantam.exchange.engine.fhir.names import person_name, region_of
from tantam.exchange.engine.fhir.shapes import (
    Json,
    Where,
    an_object,
    code_in,
    codings,
    identifier_alias,
    objects,
    patient_in,
    practitioner_in,
    said_in,
    word,
    words,
)
from tantam.exchange.engine.filling import (
    add_email,
    add_phones,
    fill_birth,
    fill_identity,
    fill_insurance,
    fill_line,
    fill_name,
    one_line,
    refuse,
)
from tantam.exchange.engine.reasons import PATIENT_NOT_NAMED
from tantam.exchange.engine.titles import without_title
from tantam.lib.names import fold
from tantam.patients.models import ContactOwner, PatientStatus, Relationship, Sex

_SEXES = {"male": Sex.MALE, "female": Sex.FEMALE, "other": Sex.OTHER, "unknown": Sex.UNKNOWN}
_LANGUAGES = {"vi": "vi", "en": "en", "zh": "zh-hans", "cmn": "zh-hans", "yue": "zh-hans"}
_RELATIONS: dict[str, Relationship] = {
    **dict.fromkeys(
        ("MTH", "NMTH", "GESTM", "ADOPTM", "STPMTH", "MTHFOST"),
        Relationship.MOTHER,
    ),
    **dict.fromkeys(("FTH", "NFTH", "ADOPTF", "STPFTH", "FTHFOST"), Relationship.FATHER),
    **dict.fromkeys(("SPS", "HUSB", "WIFE", "DOMPART", "S"), Relationship.SPOUSE),
    **dict.fromkeys(("CHILD", "SON", "DAU", "NCHILD", "SONC", "DAUC", "CHLDADOPT"), Relationship.CHILD),
    **dict.fromkeys(("SIB", "BRO", "SIS", "NSIB", "NBRO", "NSIS"), Relationship.SIBLING),
    **dict.fromkeys(("GRPRN", "GRMTH", "GRFTH", "GGRPRN"), Relationship.GRANDPARENT),
    **dict.fromkeys(("GUARD", "GUADLTM", "POWATT", "HPOWATT", "RESPRSN", "DPOWATT"), Relationship.GUARDIAN),
    **dict.fromkeys(("CARE", "CAREGIVER", "CP"), Relationship.CARER),
}
_OWNERS = {
    Relationship.MOTHER: ContactOwner.MOTHER,
    Relationship.FATHER: ContactOwner.FATHER,
    Relationship.SPOUSE: ContactOwner.SPOUSE,
    Relationship.CHILD: ContactOwner.CHILD,
    Relationship.SIBLING: ContactOwner.SIBLING,
    Relationship.GUARDIAN: ContactOwner.GUARDIAN,
}


def _add_telecom(
    draft: PatientDraft | RelativeDraft,
    telecom: Any,
    where: Where,
    *,
    region: str,
    column: str,
    owner: str = "self",
    owner_name: str = "",
) -> None:
    def rank(point: Json) -> tuple[int, int]:
        given = point.get("rank")
        preference = given if isinstance(given, int) and not isinstance(given, bool) else 1_000
        return preference, {"mobile": 0, "home": 1, "work": 2}.get(word(point.get("use")), 3)

    points = [point for point in objects(telecom) if word(point.get("use")) != "old"]
    for point in sorted(points, key=rank):
        ended = word(an_object(point.get("period")).get("end"))
        if ended and ended[:10] < where.today.isoformat():
            continue
        system, value = word(point.get("system")), point.get("value")
        if system in ("phone", "sms") or (not system and isinstance(value, str) and "@" not in value):
            add_phones(draft, value, column=column, owner=owner, owner_name=owner_name, region=region)
        elif system == "email" or (not system and isinstance(value, str)):
            add_email(draft, value, column=column, owner=owner, owner_name=owner_name)


def _fill_identifiers(draft: PatientDraft, identifiers: Any) -> None:
    record_number = other_number = ""
    for identifier in objects(identifiers):
        value, system = word(identifier.get("value")).strip(), word(identifier.get("system")).lower()
        if not value or word(identifier.get("use")) == "old":
            continue
        draft.aliases.append(identifier_alias(word(identifier.get("system")), value))
        codes = {word(coding.get("code")) for coding in codings(identifier.get("type"))}
        if any(mark in system for mark in ("bhyt", "insurance", "bhxh")) or codes & {"SUBSCN", "HC"}:
            fill_insurance(draft, value, column="identifier")
        elif any(mark in system for mark in ("cccd", "cmnd", "citizen", "dinh-danh")) or codes & {
            "NI",
            "NNVNM",
            "NNVN",
        }:
            fill_identity(draft, value, column="identifier")
        elif "MR" in codes:
            record_number = record_number or value
        elif codes & {"PI", "PT"}:
            other_number = other_number or value
    code = record_number or other_number
    if code and len(code) <= 30:
        draft.code = " ".join(code.split()).upper()


def _fill_address(draft: PatientDraft, addresses: Any) -> None:
    usable = [address for address in objects(addresses) if word(address.get("use")) != "old"]
    usable.sort(key=lambda address: {"home": 0, "": 1}.get(word(address.get("use")), 2))
    if not usable:
        return
    address = usable[0]
    lines = [*words(address.get("line")), word(address.get("district"))]
    city, state = word(address.get("city")), word(address.get("state"))
    fill_line(draft, "province", state or city, limit=80, column="address.state")
    if state:
        fill_line(draft, "commune", city, limit=80, column="address.city")
    text = ", ".join(line.strip() for line in lines if line.strip()) or word(address.get("text"))
    fill_line(draft, "address_line", text, limit=300, column="address.line")


def _language(communication: Any) -> str | None:
    spoken = sorted(objects(communication), key=lambda item: item.get("preferred") is not True)
    for item in spoken:
        for coding in codings(item.get("language")):
            code = word(coding.get("code")).lower().split("-")[0]
            if code:
                return _LANGUAGES.get(code, "other")
    return None


def patient(resource: Json, where: Where) -> Iterator[Draft]:
    name, aliases = where.names(resource)
    draft = PatientDraft(external_id=name, aliases=aliases, file=where.file, row=where.row)
    fill_name(draft, person_name(resource.get("name")), column="name")
    birth = word(resource.get("birthDate"))
    if birth:
        _fill_birth(draft, birth, where.today)
    draft.sex = _SEXES.get(word(resource.get("gender")))
    _fill_identifiers(draft, resource.get("identifier"))
    _fill_address(draft, resource.get("address"))
    draft.language = _language(resource.get("communication"))
    if resource.get("deceasedBoolean") is True or resource.get("deceasedDateTime"):
        draft.status = PatientStatus.DECEASED
        if len(word(resource.get("deceasedDateTime"))) >= 10:
            draft.deceased_on = where.day(draft, resource["deceasedDateTime"], column="deceasedDateTime")
    elif resource.get("active") is False or any(
        word(link.get("type")) == "replaced-by" for link in objects(resource.get("link"))
    ):
        draft.status = PatientStatus.INACTIVE
    else:
        draft.status = PatientStatus.ACTIVE
    region = region_of(resource.get("address"))
    _add_telecom(draft, resource.get("telecom"), where, region=region, column="telecom")
    relatives = list(_contacts(draft, resource.get("contact"), where, region))
    yield draft
    yield from relatives


def _fill_birth(draft: PatientDraft, birth: str, today: date) -> None:
    try:
        day = date.fromisoformat(birth[:10]) if len(birth) >= 10 else None
    except ValueError:
        day = None
    if day is not None and 0 <= today.year - day.year < 130 and day <= today:
        draft.birth_year, draft.birth_date = day.year, day
    else:
        fill_birth(draft, birth[:10], column="birthDate", today=today)


def _relation(concepts: Any) -> Relationship:
    for concept in objects(concepts):
        for coding in codings(concept):
            code = word(coding.get("code")).upper()
            if code in _RELATIONS and not (code == "S" and "0131" in word(coding.get("system"))):
                return _RELATIONS[code]
    return Relationship.OTHER


def _contacts(draft: PatientDraft, contacts: Any, where: Where, region: str) -> Iterator[RelativeDraft]:
    """The people of `Patient.contact`: relatives, with the telephone they answer."""
    for contact in objects(contacts)[:20]:
        name = one_line(person_name(contact.get("name")), 120)
        relation = _relation(contact.get("relationship"))
        owner = _OWNERS.get(relation, ContactOwner.OTHER)
        if not name:
            _add_telecom(
                draft, contact.get("telecom"), where, region=region, column="contact.telecom", owner=owner
            )
            continue
        relative = RelativeDraft(
            external_id=opaque_id("relative", f"{draft.external_id}|{fold(name)}"),
            file=where.file,
            row=where.row,
            patient_ref=draft.external_id,
            relationship=relation,
            is_guardian=True if relation == Relationship.GUARDIAN else None,
        )
        fill_name(relative, name, column="contact.name")
        _add_telecom(
            relative,
            contact.get("telecom"),
            where,
            region=region,
            column="contact.telecom",
            owner=owner,
            owner_name=name,
        )
        if not relative.is_refused:
            yield relative


def related_person(resource: Json, where: Where) -> Iterator[Draft]:
    name, aliases = where.names(resource)
    relation = _relation(resource.get("relationship"))
    draft = RelativeDraft(
        external_id=name,
        aliases=aliases,
        file=where.file,
        row=where.row,
        patient_ref=patient_in(resource, where, "patient") or "",
        relationship=relation,
        is_guardian=True if relation == Relationship.GUARDIAN else None,
    )
    called = person_name(resource.get("name"))
    fill_name(draft, called, column="name")
    if not draft.patient_ref:
        refuse(draft, "patient_not_named", PATIENT_NOT_NAMED, column="patient")
    _add_telecom(
        draft,
        resource.get("telecom"),
        where,
        region=region_of(resource.get("address")),
        column="telecom",
        owner=_OWNERS.get(relation, ContactOwner.OTHER),
        owner_name=called,
    )
    yield draft


def practitioner(resource: Json, where: Where) -> Iterator[Draft]:
    name, aliases = where.names(resource)
    draft = PractitionerDraft(external_id=name, aliases=aliases, file=where.file, row=where.row)
    title, called = without_title(person_name(resource.get("name")))
    prefix = " ".join(words(an_object(resource.get("name")).get("prefix")))
    fill_name(draft, called, column="name", limit=120)
    fill_line(draft, "title", title or prefix, limit=40, column="name.prefix")
    for identifier in objects(resource.get("identifier")):
        value = word(identifier.get("value")).strip()
        if value:
            draft.aliases.append(identifier_alias(word(identifier.get("system")), value))
            if len(value) <= 40 and code_in(identifier.get("type")) in ("MD", "LN", "PRN", "RN"):
                draft.licence_number = value
    draft.is_active = resource.get("active") is not False
    yield draft


def practitioner_role(resource: Json, where: Where) -> Iterator[Draft]:
    ref, mentions = practitioner_in(iter([resource.get("practitioner")]), where)
    if ref is None:
        return
    name, aliases = where.names(resource)
    identifiers = chain(
        aliases,
        (
            identifier_alias(word(item.get("system")), word(item.get("value")))
            for item in objects(resource.get("identifier"))
            if word(item.get("value"))
        ),
    )
    draft = RoleDraft(
        external_id=name, aliases=list(identifiers), file=where.file, row=where.row, practitioner_ref=ref
    )
    fill_line(draft, "speciality", said_in(resource.get("specialty")), limit=100, column="specialty")
    yield from mentions
    yield draft
