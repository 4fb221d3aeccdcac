"""Titles before (or behind) the names of doctors, as Vietnamese and foreign systems write them."""

from __future__ import annotations

import re

from tantam.lib.names import clean_name, fold

_WRITTEN = """
    gs pgs ts tskh ths ths.bs bs bsck bscki bsckii bsck1 bsck2 cki ckii ck1 ck2 ck bsnt bscc bsdk bsrhm
    dr drs prof md bac thac tien giao pho dds phd mr mrs ms miss dsi ds dsck dd cndd cn ktv ys nhs
"""
_TITLES = frozenset(_WRITTEN.split())
# Words that are also names or parts of names are titles only in these company.
_ONLY_TOGETHER = {"bac": "si", "thac": "si", "tien": "si", "giao": "su", "pho": "giao"}
_WORD = re.compile(r"[^\s.,/]+[.,/]*\s*")


def without_title(written: str) -> tuple[str, str]:
    """Title and name apart: "PGS.TS.BS Nguyễn Văn An" → ("PGS.TS.BS", "Nguyễn Văn An")."""
    text = " ".join(written.split())
    place = 0
    pieces = [(match.start(), match.end(), fold(match[0].strip(" .,/"))) for match in _WORD.finditer(text)]
    number = 0
    while number < len(pieces) - 1:
        _start, end, said = pieces[number]
        follower = pieces[number + 1][2]
        if said in _ONLY_TOGETHER:
            if follower != _ONLY_TOGETHER[said]:
                break
            if said != "pho":
                number += 1
                end = pieces[number][1]
        elif said not in _TITLES:
            break
        place = end
        number += 1
    if place >= len(text):
        return "", clean_name(text)
    return text[:place].strip(" .,/-:")[:40], clean_name(text[place:].strip(" .,-:"))
