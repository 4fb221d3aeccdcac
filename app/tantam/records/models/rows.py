"""What every table of the record can be asked."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model, covariant=True)


class RowsOfARecord(models.QuerySet[Row]):
    def held(self, pk: int) -> Row:
        """The row as it is now, locked until the act ends.

        Acts take it after `Patient.objects.held`, and several of them in the order of their keys (see 0052). Rows that
        only point at it may still be added meanwhile.
        """
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)
