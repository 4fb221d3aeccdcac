"""Which medicines may harm a patient with a known allergy: groups of substances and rules between groups.

Decision support: it warns, it never forbids (clinical facts: β-lactams cross-react by side chain, JAA 2021;
NSAIDs by their common action). Names are matched by folded words in Vietnamese, English and common trade
spelling; a name it does not know is compared word by word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tantam.lib.names import fold

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Level(IntEnum):
    """How strongly to warn. From MEDIUM on, going ahead needs a reason."""

    INFO = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def label(self) -> _StrPromise:
        return {
            Level.INFO: _("Good to know"),
            Level.MEDIUM: _("Possible cross-reaction"),
            Level.HIGH: _("Known allergy"),
        }[self]

    @property
    def needs_reason(self) -> bool:
        return self >= Level.MEDIUM


# Each group by the beginnings of words that name it, after `_plain` (no accents, one l, f for ph, no last e).
GROUPS: dict[str, tuple[str, ...]] = {
    "penicillin": ("penicilin", "benzylpenicilin", "oxacilin", "cloxacilin", "dicloxacilin", "piperacilin",
                   "ticarcilin", "tazocin", "ospen"),
    "aminopenicillin": ("amoxicilin", "amoxcilin", "ampicilin", "sultamicilin", "augmentin", "augbactam",
                        "klamentin", "curam", "amoxiclav", "unasyn", "clamoxyl", "claminat", "ofmantin",
                        "augclamox", "hagimox", "moxclav", "midantin"),
    "aminocephalosporin": ("cefalexin", "cefaclor", "cefadroxil", "cefradin", "cefprozil", "keflex", "ceclor",
                           "droxicef", "hapenxin"),
    "oxyimino_cephalosporin": ("ceftriaxon", "cefotaxim", "cefepim", "cefpodoxim", "cefuroxim", "cefditoren",
                               "cefixim", "cefdinir", "zinnat", "zinat", "haginat", "rocefin", "medicef",
                               "hafixim", "cefpirom"),
    "ceftazidime": ("ceftazidim", "fortum"),
    "aztreonam": ("aztreonam", "azactam"),
    "cephalosporin": ("cefalosporin", "cefazolin", "cefoperazon", "sulperazon", "cefoxitin", "cefamandol",
                      "cefmetazol", "cefoper"),
    "carbapenem": ("carbapenem", "imipenem", "meropenem", "ertapenem", "tienam", "meronem"),
    "beta_lactam": ("lactam", "betalactam"),
    "nsaid": ("nsaid", "aspirin", "acetylsalicylic", "aspegic", "ibuprofen", "gofen", "mofen", "brufen",
              "naproxen", "diclofenac", "voltaren", "ketorolac", "ketoprofen", "piroxicam", "felden",
              "indometacin", "mefenamic", "dolfenal", "ponstan", "dexketoprofen", "nimesulid", "tenoxicam",
              "alaxan", "flurbiprofen"),
    "preferential_nsaid": ("meloxicam", "mobic", "celecoxib", "celebrex", "etoricoxib", "arcoxia", "coxib"),
    "paracetamol": ("paracetamol", "acetaminofen", "panadol", "eferalgan", "hapacol", "tilenol", "tylenol",
                    "decolgen", "tifi", "tiffy"),
    "sulfa_antibiotic": ("sulfamethoxazol", "sulfametoxazol", "cotrimoxazol", "trimoxazol", "bactrim",
                         "biseptol", "sulfadiazin", "sulfasalazin", "sulfonamid", "sulfamid", "sulfa"),
    "sulfa_other": ("furosemid", "lasix", "hydroclorothiazid", "hydrochlorothiazid", "indapamid",
                    "acetazolamid", "glibenclamid", "gliclazid", "glimepirid"),
    "macrolide": ("macrolid", "erythromycin", "clarithromycin", "klacid", "azithromycin", "zithromax",
                  "spiramycin", "rovamycin", "rodogyl", "roxithromycin"),
    "quinolone": ("quinolon", "fluoroquinolon", "ciprofloxacin", "levofloxacin", "tavanic", "moxifloxacin",
                  "avelox", "ofloxacin", "norfloxacin", "nalidixic"),
    "tetracycline": ("tetracyclin", "doxycyclin", "minocyclin"),
    "lincosamide": ("clindamycin", "dalacin", "lincomycin"),
    "aminoglycoside": ("aminoglycosid", "gentamicin", "gentamycin", "amikacin", "tobramycin", "streptomycin",
                       "neomycin"),
    "nitroimidazole": ("metronidazol", "flagyl", "tinidazol", "ornidazol", "secnidazol"),
    "amide_anaesthetic": ("lidocain", "lignocain", "xylocain", "articain", "septanest", "ubistesin",
                          "mepivacain", "scandonest", "bupivacain", "ropivacain", "prilocain", "medicain"),
    "ester_anaesthetic": ("procain", "novocain", "benzocain", "tetracain", "chloroprocain", "cloroprocain"),
    "opioid": ("opioid", "codein", "morfin", "morphin", "tramadol", "ultracet", "dextropropoxyfen",
               "terpincodein"),
    "statin": ("statin", "atorvastatin", "rosuvastatin", "simvastatin", "pravastatin", "lipitor", "crestor"),
    "ace_inhibitor": ("captopril", "enalapril", "perindopril", "coversil", "lisinopril", "ramipril",
                      "imidapril"),
    "chlorhexidine": ("clorhexidin", "chlorhexidin"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A warning for a medicine of group `drug` given to a patient allergic to group `allergy`."""

    allergy: str
    drug: str
    level: Level
    text: _StrPromise
    level_when_severe: Level | None = None


_SAME_GROUP = _("Same group of medicines as the known allergy.")
_SIDE_CHAIN = _("Same side chain: aminopenicillins and aminocephalosporins cross-react in up to a third.")
_LOW_BETA_LACTAM = _(
    "Cross-reaction between penicillins and this cephalosporin is rare (about 2 %). After a severe delayed "
    "reaction (SJS, TEN, DRESS) avoid both."
)
_RARE_BETA_LACTAM = _("Cross-reaction with penicillins is below 1 %; usually tolerated.")
_OXYIMINO = _("These cephalosporins share a side chain and cross-react.")
_AZTREONAM = _("Ceftazidime and aztreonam share a side chain.")
_NSAID = _("Anti-inflammatory pain killers cross-react through their common action, whatever their family.")
_COXIB = _("Usually tolerated with an NSAID allergy; give the first dose under watch.")
_PARACETAMOL = _("Usually tolerated with an NSAID allergy, up to 1 g a dose.")
_SULFA = _("Cross-reaction between sulfonamide antibiotics and other sulfonamides is minimal.")

PENICILLINS = ("penicillin", "aminopenicillin")
CEPHALOSPORINS = ("aminocephalosporin", "oxyimino_cephalosporin", "ceftazidime", "cephalosporin")


def _rules() -> Iterable[Rule]:
    for group in GROUPS:
        yield Rule(group, group, Level.HIGH, _SAME_GROUP)
    for first in PENICILLINS:
        for second in PENICILLINS:
            if first != second:
                yield Rule(first, second, Level.HIGH, _SAME_GROUP)
    yield Rule("aminopenicillin", "aminocephalosporin", Level.HIGH, _SIDE_CHAIN)
    yield Rule("aminocephalosporin", "aminopenicillin", Level.HIGH, _SIDE_CHAIN)
    yield Rule("penicillin", "aminocephalosporin", Level.MEDIUM, _SIDE_CHAIN, Level.HIGH)
    yield Rule("aminocephalosporin", "penicillin", Level.INFO, _LOW_BETA_LACTAM, Level.HIGH)
    for penicillin in PENICILLINS:
        for cephalosporin in ("oxyimino_cephalosporin", "ceftazidime", "cephalosporin"):
            yield Rule(penicillin, cephalosporin, Level.INFO, _LOW_BETA_LACTAM, Level.HIGH)
            yield Rule(cephalosporin, penicillin, Level.INFO, _LOW_BETA_LACTAM, Level.HIGH)
        yield Rule(penicillin, "carbapenem", Level.INFO, _RARE_BETA_LACTAM, Level.MEDIUM)
        yield Rule(penicillin, "aztreonam", Level.INFO, _RARE_BETA_LACTAM)
    for first in CEPHALOSPORINS:
        # "Allergic to cephalosporins" names the whole family; one named product mostly its own side chain.
        for second in CEPHALOSPORINS:
            if first != second:
                level = Level.HIGH if "cephalosporin" in (first, second) else Level.MEDIUM
                yield Rule(first, second, level, _SAME_GROUP, Level.HIGH)
    yield Rule("ceftazidime", "oxyimino_cephalosporin", Level.MEDIUM, _OXYIMINO, Level.HIGH)
    yield Rule("ceftazidime", "aztreonam", Level.HIGH, _AZTREONAM)
    yield Rule("aztreonam", "ceftazidime", Level.HIGH, _AZTREONAM)
    for group in (*PENICILLINS, *CEPHALOSPORINS, "carbapenem"):
        yield Rule("beta_lactam", group, Level.HIGH, _SAME_GROUP)
    yield Rule("nsaid", "preferential_nsaid", Level.MEDIUM, _COXIB)
    yield Rule("preferential_nsaid", "nsaid", Level.MEDIUM, _NSAID)
    yield Rule("nsaid", "paracetamol", Level.INFO, _PARACETAMOL)
    yield Rule("sulfa_antibiotic", "sulfa_other", Level.INFO, _SULFA)


# What people write around a medicine's name; none of these makes two names the same medicine.
_COMMON_WORDS = frozenset(
    re.findall(
        r"\w+",
        "thuoc khang sinh vien nang nen siro tiem truyen boi uong nhom loai dang goi chai dung dich hon nhieu "
        "tablet capsul cream drug alergy antibiotic forte plus extra kali natri acid clorid sulfat vitamin",
    )
)
_WORD = re.compile(r"[a-z]{4,}")


def _plain(text: str) -> str:
    plain = fold(text).replace("ph", "f").replace("ll", "l").replace("ff", "f")
    return re.sub(r"e\b", "", plain)


@lru_cache(maxsize=4_096)
def words_of(name: str) -> frozenset[str]:
    """The words that tell one medicine from another."""
    return frozenset(word for word in _WORD.findall(_plain(name)) if word not in _COMMON_WORDS)


@lru_cache(maxsize=4_096)
def groups_of(name: str) -> frozenset[str]:
    words = words_of(name)
    return frozenset(
        group
        for group, beginnings in GROUPS.items()
        if any(word.startswith(_plain(beginning)) for word in words for beginning in beginnings)
    )


_BY_GROUPS: dict[tuple[str, str], Rule] = {}
for _rule in _rules():
    _BY_GROUPS.setdefault((_rule.allergy, _rule.drug), _rule)


def check(agent: str, drug: str, *, severe: bool) -> tuple[Level, _StrPromise] | None:
    """How `drug` stands to an allergy to `agent`: the strongest warning, or None. Any name may be free text."""
    found: list[tuple[Level, _StrPromise]] = []
    shared = words_of(agent) & words_of(drug)
    if shared:
        found.append((Level.HIGH, _("The patient is allergic to this medicine.")))
    for allergy_group in groups_of(agent):
        for drug_group in groups_of(drug):
            rule = _BY_GROUPS.get((allergy_group, drug_group))
            if rule is not None:
                level = rule.level_when_severe if severe and rule.level_when_severe else rule.level
                found.append((level, rule.text))
    return max(found, key=lambda item: item[0]) if found else None
