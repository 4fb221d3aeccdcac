"""How an act says no: a sentence for people, a code for machines, a status for HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Refusal(Exception):
    """An act or a value that is refused for a reason people can mend.

    Subclasses give ``message``, a lazily translated sentence that may hold
    ``%(name)s`` places filled from the keyword arguments. ``code`` is the class
    name in snake case unless given. ``field`` names the form field the sentence
    belongs beside. ``str(refusal)`` is the sentence in the active language.
    """

    code: ClassVar[str] = "refusal"
    message: ClassVar[str | _StrPromise] = _("This cannot be done.")
    status: ClassVar[int] = 422

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            cls.code = _WORD_START.sub("_", cls.__name__).lower()

    def __init__(self, *, field: str | None = None, **params: object) -> None:
        super().__init__(params)
        self.field = field
        self.params: dict[str, object] = params

    def __str__(self) -> str:
        sentence = str(self.message)
        return sentence % self.params if self.params else sentence

    def __reduce__(self) -> tuple[object, tuple[type[Refusal], str | None, dict[str, object]]]:
        return _rebuild, (type(self), self.field, self.params)


def _rebuild(kind: type[Refusal], field: str | None, params: dict[str, object]) -> Refusal:
    return kind(field=field, **params)


class NotVisible(Exception):
    """There is no such row for this member: absent and forbidden look the same (HTTP 404)."""

    code: ClassVar[str] = "not_visible"
    status: ClassVar[int] = 404
