from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tantam.accounts.errors import AlreadySetUp
from tantam.accounts.operations.joining import make_setup_token


class Command(BaseCommand):
    help = (
        "Print the one-time token of the set-up link; prints nothing when the installation is already set up."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(make_setup_token())
        except AlreadySetUp:
            self.stderr.write("already set up")
