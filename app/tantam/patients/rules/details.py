"""What is written about a person, made clean before it is stored: one reading for forms, acts and imports."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, Final

from django.utils import timezone

from tantam.lib.dates import Birth, parse_birth
from tantam.lib.identity import parse_citizen_number, parse_insurance_number
from tantam.lib.names import clean_name
from tantam.lib.phones import parse_phone
from tantam.lib.text import clean_text, shorten
from tantam.patients.errors import EmailInvalid, NameNeeded, NameTooLong
from tantam.patients.models import ContactKind, ContactOwner, Language, Relationship, Sex, Vulnerability

LONGEST_NAME: Final = 160
LONGEST_NOTES: Final = 4_000
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]+\.[^\s@,;<>\".]{2,}")


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """Who a person is, as a form or a file gives it."""

    full_name: str
    birth: Birth | None = None
    sex: str = Sex.UNKNOWN
    identity_number: str = ""
    insurance_number: str = ""
    province: str = ""
    commune: str = ""
    address_line: str = ""
    language: str = Language.VIETNAMESE
    salutation: str = ""
    vulnerability: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class NewContactPoint:
    """A way to reach the patient, and whose it is."""

    kind: str
    value: str
    owner: str = ContactOwner.SELF
    owner_name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewRelative:
    """A relative or guardian, with the phone they answer."""

    full_name: str
    relationship: str = Relationship.OTHER
    is_guardian: bool = False
    phone: str = ""

    @property
    def owner(self) -> str:
        """Whose phone theirs is, in the words of contact points."""
        return owner_of(self.relationship, is_guardian=self.is_guardian)


def owner_of(relationship: str, *, is_guardian: bool) -> str:
    """A relationship as the owner of a contact point; those without a word of their own are guardian or other."""
    if relationship in ContactOwner.values:
        return relationship
    return ContactOwner.GUARDIAN if is_guardian else ContactOwner.OTHER


def clean_full_name(raw: str) -> str:
    """Refuses with NameNeeded or NameTooLong."""
    if len(raw) > 4 * LONGEST_NAME:
        raise NameTooLong(field="full_name", length=len(raw), limit=LONGEST_NAME)
    name = clean_name(raw)
    if not any(character.isalpha() for character in name):
        raise NameNeeded(field="full_name")
    if len(name) > LONGEST_NAME:
        raise NameTooLong(field="full_name", length=len(name), limit=LONGEST_NAME)
    return name


def clean_contact(kind: str, raw: str) -> str:
    """E.164 for phones and Zalo, lower case for email. Refuses with PhoneInvalid or EmailInvalid."""
    if kind == ContactKind.EMAIL:
        address = clean_text(raw, max_length=254).lower()
        if not _EMAIL.fullmatch(address) or ".." in address:
            raise EmailInvalid(value=shorten(raw, 60))
        return address
    return parse_phone(raw).e164


def clean_details(details: PersonDetails) -> PersonDetails:
    """The same, with every value as it is stored. Refuses as the readers of `tantam.lib` do."""
    return PersonDetails(
        **{one.name: clean_value(one.name, getattr(details, one.name)) for one in fields(details)}
    )


def clean_value(name: str, value: Any) -> Any:
    """One value of PersonDetails as it is stored."""
    match name:
        case "full_name":
            return clean_full_name(value)
        case "identity_number":
            return parse_citizen_number(value) if str(value).strip() else ""
        case "insurance_number":
            return parse_insurance_number(value) if str(value).strip() else ""
        case "birth":
            return _possible(value)
        case "province" | "commune":
            return clean_text(value, max_length=80)
        case "address_line":
            return clean_text(value, max_length=300)
        case "notes":
            return clean_text(value, max_length=LONGEST_NOTES)
        case "vulnerability":
            return tuple(mark for mark in Vulnerability.values if mark in value)
        case _:
            return value


def _possible(birth: Birth | None) -> Birth | None:
    """A birth that has happened, within a human life. Refuses with BirthInFuture or BirthTooLongAgo."""
    return None if birth is None else parse_birth(str(birth), today=timezone.localdate())
