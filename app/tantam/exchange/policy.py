from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportPolicy:
    """When a sheet looks shifted, as when one column was sorted apart from the others.

    More than `renamed_at_most` of those we know, and more than `renamed_share` of all it knows, would get another name
    or identity number.
    """

    renamed_at_most: int = 5
    renamed_share: float = 0.02

    def looks_shifted(self, renamed: int, *, of: int) -> bool:
        """Whether so many of so many are too many to be corrections."""
        return renamed > self.renamed_at_most and renamed > self.renamed_share * of
