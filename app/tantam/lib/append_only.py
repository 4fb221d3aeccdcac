"""Tables to which rows are only added: the database itself refuses to change, delete or empty them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Final

import pghistory
import pgtrigger
from django.apps import apps

_NAME: Final = "append_only"


def append_only() -> tuple[pgtrigger.Trigger, ...]:
    """The triggers of a table whose rows stay as they were written."""
    return (
        pgtrigger.Trigger(
            name=_NAME,
            operation=pgtrigger.Update | pgtrigger.Delete,
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
        ),
        pgtrigger.Trigger(
            name="never_emptied",
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
        ),
    )


def track(*trackers: Any, **options: Any) -> Any:
    """`pghistory.track`, with kept rows that nobody changes or deletes."""
    return pghistory.track(*trackers, meta={"triggers": [*append_only()]}, **options)


def lifted(*, but: frozenset[str] = frozenset({"journal"})) -> AbstractContextManager[None]:
    """For destroying a person's data and for sealing it with another key: rows may be changed and deleted.

    The rooms in `but` stay as they are: what the journal says is never touched.
    """
    return pgtrigger.ignore(
        *(
            f"{model._meta.app_label}.{model.__name__}:{_NAME}"
            for model in apps.get_models()
            if model._meta.app_label not in but
            and any(trigger.name == _NAME for trigger in getattr(model._meta, "triggers", ()))
        )
    )
