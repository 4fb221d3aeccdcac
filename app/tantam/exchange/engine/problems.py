"""What was wrong with a value, a draft or a file, kept so that each reader sees it in their language."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from django.utils.translation import gettext, override

from tantam.exchange.engine.sheets.columns import Column
from tantam.lib.errors import Refusal
from tantam.lib.text import shorten

_OURS = {"full_name": Column.FULL_NAME, "code": Column.PATIENT_CODE, "identity_number": Column.IDENTITY}


@lru_cache(maxsize=1_000)
def _msgid(sentence: Any) -> str:
    with override("en"):
        return str(sentence)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a draft or a file: where (a column or a FHIR element), the value, and why.

    `refuses` tells a reason to leave the whole draft out from a remark about one value.
    """

    code: str
    msgid: str
    field: str = ""
    value: str = ""
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    refuses: bool = False

    @classmethod
    def of(
        cls,
        code: str,
        sentence: object,
        /,
        *,
        field: str = "",
        value: object = "",
        refuses: bool = False,
        **params: str | int,
    ) -> Self:
        """`sentence` is a lazily translated msgid with %(name)s places filled from `params`."""
        return cls(code, _msgid(sentence), field, shorten(str(value), 80), params, refuses)

    @classmethod
    def from_refusal(
        cls, refusal: Refusal, *, field: str = "", value: object = "", refuses: bool = False
    ) -> Self:
        params = {name: shorten(str(value), 80) for name, value in refusal.params.items()}
        return cls(refusal.code, _msgid(refusal.message), field, shorten(str(value), 80), params, refuses)

    def with_params(self, **params: str | int) -> Self:
        """The same, with more places of the sentence filled (also those called like our own fields)."""
        return dataclasses.replace(self, params={**self.params, **params})

    @property
    def place(self) -> str:
        """Which column or element it is about, in words where it is one of ours."""
        ours = _OURS.get(self.field)
        return str(ours.label) if ours else self.field

    @property
    def sentence(self) -> str:
        """The reason in the active language."""
        said = gettext(self.msgid)
        return said % self.params if self.params else said

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "msgid": self.msgid,
            "field": self.field,
            "value": self.value,
            "params": dict(self.params),
            "refuses": self.refuses,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**kept)
