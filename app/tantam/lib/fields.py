"""Columns that are encrypted in the database and plain in Python.

A sealed value is opened when somebody reads it, not when its row is loaded, and a
row saved without touching it writes the same bytes back. Nothing can be looked up in
such a column except whether it is empty; keep a blind index beside it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Never, TypeVar

from django.core import checks, validators
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from tantam.lib import crypto

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.forms import Field as FormField

_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

if TYPE_CHECKING:

    class _Column(models.Field[_ST, _GT]): ...
else:

    class _Column(models.Field):
        def __class_getitem__(cls, _types: object) -> type[_Column]:
            return cls


class Sealed:
    """An encrypted value as it came from the database; ``open()`` gives the plain one.

    What ``values()`` and ``values_list()`` return. It prints as the plain value in a
    template, and never shows it in a log (``repr``).
    """

    __slots__ = ("blob", "context", "holds_json")

    def __init__(self, blob: bytes, context: bytes, holds_json: bool) -> None:
        self.blob = blob
        self.context = context
        self.holds_json = holds_json

    def open(self) -> Any:
        plain = crypto.decrypt(self.blob, context=self.context)
        return json.loads(plain) if self.holds_json else plain

    def __str__(self) -> str:
        return str(self.open())

    def __repr__(self) -> str:
        return "<sealed>"

    def __eq__(self, other: object) -> bool:
        return bool(self.open() == (other.open() if isinstance(other, Sealed) else other))

    def __hash__(self) -> int:
        return hash(self.open())


class _OpenedWhenRead(DeferredAttribute):
    """The attribute on the model: a sealed value is opened at its first reading, then kept plain."""

    field: _EncryptedField[Any, Any]

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed) and instance is not None:
            value = instance.__dict__[self.field.attname] = value.open()
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        # Having __set__ puts this descriptor before the instance's own dictionary.
        instance.__dict__[self.field.attname] = value


class _EncryptedField(_Column[_ST, _GT]):
    """What text and JSON columns share: values are sealed for this one column and open in no other.

    The column's name is what they are bound to: ``patients.patient.notes``, and for the kept history of a row
    the column it was copied from. A column that is renamed once people hold data keeps its old name as ``context``.
    """

    descriptor_class = _OpenedWhenRead
    holds_json = False

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context = context
        self._context = context.encode()

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not self.context and not cls._meta.abstract:
            # A history trigger copies the sealed bytes as they are.
            kept_of = getattr(cls, "pgh_tracked_model", cls)
            self._context = f"{kept_of._meta.label_lower}.{name}".encode()

    @property
    def sealed_for(self) -> bytes:
        """What the values of this column are bound to."""
        return self._context

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.context:
            kwargs["context"] = self.context
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if self.primary_key or self.unique or getattr(self, "db_index", False):
            found.append(
                checks.Error(
                    "An encrypted column cannot be unique, indexed or a primary key: equal values differ.",
                    hint="Put the constraint on a blind index beside it.",
                    obj=self,
                    id="lib.E001",
                )
            )
        return found

    def get_lookup(self, lookup_name: str) -> Any:
        # "df" and "ndf" (is [not] distinct from) are asked by history triggers, which compare sealed bytes.
        if lookup_name in ("isnull", "df", "ndf"):
            return super().get_lookup(lookup_name)
        raise FieldError(self._not_searchable(lookup_name))

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(self._not_searchable(lookup_name))

    def _not_searchable(self, lookup_name: str) -> str:
        return (
            f"The column {self.name!r} is encrypted and cannot be looked up by {lookup_name!r}. "
            "Look up its blind index instead; only 'isnull' works here."
        )

    def from_db_value(
        self, value: bytes | memoryview | None, expression: object, connection: BaseDatabaseWrapper
    ) -> Sealed | str | None:
        if value is None:
            return None
        # No bytes are the empty text; most optional columns of most rows are that.
        return Sealed(bytes(value), self._context, self.holds_json) if value else ""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # Past the descriptor: a value nobody read is written back as the bytes it came in.
        if self.attname in model_instance.__dict__:
            return model_instance.__dict__[self.attname]
        return super().pre_save(model_instance, add)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if isinstance(value, Sealed):
            if value.context == self._context and value.holds_json == self.holds_json:
                return value.blob
            value = value.open()
        return self.seal(value)

    def seal(self, value: Any) -> bytes:
        """The bytes this column holds for a value; for COPY and other bulk loading.

        An empty text is no bytes at all: its length would tell it anyway.
        """
        if value == "" and not self.holds_json:
            return b""
        return crypto.encrypt(self._written(value), context=self._context)

    def _written(self, value: Any) -> str:
        return str(value)


class EncryptedTextField(_EncryptedField[_ST, _GT]):
    """Text, encrypted at rest. ``max_length`` is checked by forms and ``full_clean``."""

    _pyi_private_set_type: str | Sealed
    _pyi_private_get_type: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(validators.MaxLengthValidator(self.max_length))

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else str(value)

    def formfield(self, *args: Any, **kwargs: Any) -> FormField | None:
        return super().formfield(**{"max_length": self.max_length, **kwargs})


class EncryptedJSONField(_EncryptedField[_ST, _GT]):
    """Lists and dictionaries, encrypted at rest as one JSON text."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    empty_strings_allowed = False
    holds_json = True

    def _written(self, value: Any) -> str:
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))

    def formfield(self, *args: Any, **kwargs: Any) -> Never:
        raise FieldError(f"The encrypted column {self.name!r} is not edited as one form field.")
