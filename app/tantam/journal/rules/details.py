"""What an entry may say beside what happened, to what, and by whom: codes, ids, numbers and days, and no prose (D9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

LONGEST_CODE: Final = 120
_CODE: Final = re.compile(r"[A-Za-z0-9_.:/@+-]*")
# ICD-10 as it is written anywhere: I10, E11.9, S72.01A.
_DISEASE: Final = re.compile(r"[A-Z]\d[\dA-Z](?:\.?[\dA-Z]{1,4})?")
_LONGEST_WORDS: Final = 200

IN_WORDS: Final[Mapping[str, str]] = {
    "device": "which browser on which system somebody signed in with, as the browser says",
    "changed": "what a rule of the organisation said before and says now, its name among it",
}
"""Details that may be words, and why. Never in an entry about a patient."""


class ProseInDetails(ValueError):
    """A detail says more than a code: a programming error, never shown to people as such."""


def refuse_prose(details: Mapping[str, Any], *, is_about_patient: bool) -> None:
    """Refuses with ProseInDetails a detail that holds words or the code of a disease."""
    for name, value in details.items():
        _check(name, value, may_be_words=name in IN_WORDS and not is_about_patient)


def _check(name: str, value: Any, *, may_be_words: bool) -> None:
    if isinstance(value, str):
        if may_be_words:
            if len(value) > _LONGEST_WORDS:
                raise ProseInDetails(f"{name}: longer than {_LONGEST_WORDS} characters")
        elif len(value) > LONGEST_CODE or not _CODE.fullmatch(value) or _DISEASE.fullmatch(value):
            raise ProseInDetails(f"{name}: journal details hold codes and ids, neither prose nor diseases")
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _check(name, key, may_be_words=may_be_words)
            _check(name, part, may_be_words=may_be_words)
    elif isinstance(value, list):
        for part in value:
            _check(name, part, may_be_words=may_be_words)
    elif value is not None and not isinstance(value, bool | int | float):
        raise ProseInDetails(f"{name}: {type(value).__name__} is no code")
