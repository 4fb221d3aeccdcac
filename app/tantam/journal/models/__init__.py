"""What happened, what seals it, and what members were told."""

from tantam.journal.models.bell import BellItem
from tantam.journal.models.entries import Entry
from tantam.journal.models.listings import Listing
from tantam.journal.models.seals import Seal

__all__ = ["BellItem", "Entry", "Listing", "Seal"]
