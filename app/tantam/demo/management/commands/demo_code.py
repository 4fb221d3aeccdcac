from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tantam.demo.load import loaded
from tantam.demo.logins import current_code


class Command(BaseCommand):
    help = "Print the six digits the authenticator of a member of the demonstration shows now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        # Outside a demonstration a second factor is a secret, also from whoever has a shell.
        if loaded() is None:
            raise CommandError("There is no demonstration in this database.")
        code = current_code(options["username"])
        if code is None:
            raise CommandError(f"{options['username']} signs in without an authenticator.")
        self.stdout.write(code)
