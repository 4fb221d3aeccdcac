from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tantam.demo.load import loaded
from tantam.demo.logins import table


class Command(BaseCommand):
    help = "Print one login per role of the demonstration hospital."

    def handle(self, *args: Any, **options: Any) -> None:
        if loaded() is None:
            raise CommandError("There is no demonstration in this database.")
        self.stdout.write(table())
