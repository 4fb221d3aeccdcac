"""Names of people and where their telephones ring."""

from __future__ import annotations

from typing import Any

from tantam.exchange.engine.fhir.shapes import objects, word, words
from tantam.lib.names import fold

_REGIONS = {
    "vietnam": "VN",
    "viet nam": "VN",
    "vnm": "VN",
    "usa": "US",
    "united states": "US",
    "united states of america": "US",
    "chn": "CN",
    "china": "CN",
    "kor": "KR",
    "jpn": "JP",
    "gbr": "GB",
    "fra": "FR",
    "deu": "DE",
    "aus": "AU",
}
_WRITTEN = """
    nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly truong dinh dao doan lam mai trinh
    luong ha ta cao chau thai luu phung quach to tang khuc kieu dam mac tong vuong nghiem ninh thach son danh
    giang ma chu la lo vi ton on au ong tieu hua
"""
_FAMILY_FIRST = frozenset(_WRITTEN.split())
_PASSED_OVER = frozenset({"old", "maiden", "anonymous", "nickname", "temp"})


def person_name(names: Any) -> str:
    """One name out of a list of HumanNames, in the order its people write it.

    A text wins. Vietnamese names are family, middle, given; others given, family.
    """
    candidates = objects(names)
    usable = [name for name in candidates if word(name.get("use")) not in _PASSED_OVER] or candidates
    usable.sort(key=lambda name: {"official": 0, "usual": 1}.get(word(name.get("use")), 2))
    for name in usable:
        if word(name.get("text")).strip():
            return word(name["text"])
        family, given = word(name.get("family")).strip(), " ".join(words(name.get("given"))).strip()
        if not family and not given:
            continue
        family_first = fold(family).split(" ")[0] in _FAMILY_FIRST
        return f"{family} {given}".strip() if family_first else f"{given} {family}".strip()
    return ""


def region_of(addresses: Any) -> str:
    """Whose telephone numbers to expect, by the country of an address; Vietnam when nothing is said."""
    for address in objects(addresses):
        country = word(address.get("country")).strip()
        if country:
            return _REGIONS.get(fold(country), country.upper() if len(country) == 2 else "VN")
    return "VN"
