"""A new key for everything that is sealed, while people work; `rotation` does the work."""

from __future__ import annotations

from django.conf import settings

from tantam.facility.models import Organisation
from tantam.journal.operations import operation, record
from tantam.lib.crypto import default_keyring, rotate_field_key
from tantam.privacy.events import PrivacyEvent


@operation
def begin_rotation(organisation: Organisation, *, actor: None) -> str:
    """Add a key and seal with it from now on; answers its name. Processes that run learn it by themselves."""
    name = rotate_field_key(settings.KEYS_DIR)
    default_keyring().learn()
    record(PrivacyEvent.KEY_ADDED, organisation, actor=actor, key=name)
    return name


@operation
def end_rotation(organisation: Organisation, *, values: int, actor: None) -> None:
    """Write down that nothing is sealed with an older key any more."""
    record(PrivacyEvent.KEY_TAKEN_UP, organisation, actor=actor, key=default_keyring().current, values=values)
