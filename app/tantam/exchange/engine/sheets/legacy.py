"""Vietnamese from before Unicode: TCVN3 (ABC, “.Vn” fonts), VNI (“VNI-” fonts), and the Windows code page 1258.

Such text looks like words with foreign letters: “NguyÔn V¨n” or “Nguyeãn Vaên”. Which of them a sheet is written
in is told by what makes Vietnamese syllables of its words; what makes none is refused, never taken as it looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

Convert = Callable[[str], str]

# TCVN 5712:1993 VN3. Capitals with tone marks have no places of their own: fonts ending in “H” draw small letters
# as capitals, so a name in capitals comes out with some small letters. Names are put in order afterwards anyway.
_TCVN3: Final = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
    # Places the fonts leave empty, as the larger set of the standard fills them.
    0xAF: "Ằ\u0300\u0309\u0303\u0301\u0323",
    0xBA: "Ẳ",
    0xBF: "ẴẮẦẨẪẤỀ",
    0xCD: "Ể",
    0xD9: "ỄẾỒ",
    0xE0: "Ổ",
    0xF0: "Ỗ",
}
_FROM_TCVN3: Final = {
    start + place: letter for start, letters in _TCVN3.items() for place, letter in enumerate(letters)
}

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_HAT, _BREVE = "\u0302", "\u0306"
# A letter and the mark behind it. Marks of capitals are the capitals of these.
_VNI_MARKS: Final = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _HAT, "á": _HAT + _ACUTE, "à": _HAT + _GRAVE, "å": _HAT + _HOOK, "ã": _HAT + _TILDE, "ä": _HAT + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS: Final = {
    "ñ": "đ", "ö": "ư", "ô": "ơ", "î": "ỵ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị",
}  # fmt: skip
_VNI_MARKED: Final = re.compile(
    f"([aeouyôö])([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_LETTERS)}])", re.IGNORECASE
)


def from_tcvn3(text: str) -> str:
    return text.translate(_FROM_TCVN3)


def from_vni(text: str) -> str:
    return text if text.isascii() else _VNI_MARKED.sub(_unmarked, text)


def _unmarked(match: re.Match[str]) -> str:
    letter, mark, alone = match.groups()
    if alone is not None:
        plain = _VNI_LETTERS[alone.lower()]
        return plain.upper() if alone.isupper() else plain
    base = _VNI_LETTERS.get(letter.lower(), letter.lower())
    whole = unicodedata.normalize("NFC", base + _VNI_MARKS[mark.lower()])
    return whole.upper() if letter.isupper() else whole


@cache
def _byte_of_1258(letter: str) -> str:
    return letter.encode("latin-1").decode("cp1258", "replace")


def from_cp1258(text: str) -> str:
    """The code page writes tones as marks of their own."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", "".join(map(_byte_of_1258, text)))


_WORD: Final = re.compile(r"[^\s\x00-\x40\[-\x60{-\x7f]+")
_VOWEL_MARKS: Final = str.maketrans("", "", _ACUTE + _GRAVE + _HOOK + _TILDE + _DOT)
_SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|th|tr|ch|ph|qu|[bcdđghklmnpqrstvx])?"
    r"(?:uyê|uya|uyu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|yêu|oă|oa|oe|oo|uâ|uê|uơ|uy|uô|uă|ua|ui|ươ|ưa|ưi|ưu"
    r"|iê|ia|iu|yê|ai|ao|au|ay|âu|ây|eo|êu|oi|ôi|ơi|[aăâeêioôơuưy])"
    r"(?:ch|nh|ng|[cmnpt])?"
)


def _is_syllable(word: str) -> bool:
    """Whether a word could be one of Vietnamese: letters in their order, and one tone at most."""
    apart = unicodedata.normalize("NFD", word.lower())
    toneless = apart.translate(_VOWEL_MARKS)
    if len(apart) - len(toneless) > 1:
        return False
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)) is not None


def _share(words: Iterable[str], convert: Convert) -> float:
    """How many of the words are syllables when read so, from 0 to 1."""
    found = [_is_syllable(convert(word)) for word in words]
    return sum(found) / len(found) if found else 0.0


def foreign_words(texts: Iterable[str]) -> list[str]:
    """The words that hold a letter outside ASCII, at most two thousand."""
    found: dict[str, None] = {}
    for text in texts:
        if not text.isascii():
            found.update(dict.fromkeys(word for word in _WORD.findall(text) if not word.isascii()))
        if len(found) >= 2_000:
            break
    return list(found)


def as_it_is(text: str) -> str:
    return text


def how_to_read(texts: Iterable[str], *, is_unicode: bool) -> Convert | None:
    """What makes Vietnamese of a sheet's text; None when nothing does.

    `is_unicode` says that the letters are certain (UTF-8, a workbook), so that only text typed in an old font needs
    reading anew. Otherwise each letter stands for one byte, as in Latin-1.
    """
    words = foreign_words(texts)
    if not words:
        return as_it_is
    plain = as_it_is if is_unicode else from_cp1258
    readings = {convert: _share(words, convert) for convert in (plain, from_tcvn3, from_vni)}
    best = max(readings, key=lambda convert: readings[convert])
    if is_unicode and (readings[best] < 0.8 or readings[plain] > 0.5):
        return plain
    if readings[best] >= 0.5:
        return best
    # A few foreign names in a list without accents.
    are_letters = all(map(str.isalpha, map(plain, words)))
    return plain if is_unicode or are_letters else None
