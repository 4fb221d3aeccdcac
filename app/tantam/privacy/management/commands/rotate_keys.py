from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tantam.facility.queries import organisation
from tantam.lib.crypto import default_keyring
from tantam.privacy.operations.keys import begin_rotation, end_rotation
from tantam.privacy.registries.resealing import sealed_files
from tantam.privacy.rotation.resealing import reseal, reseal_authenticators, sealed_columns


class Command(BaseCommand):
    help = (
        "Add a key and seal everything with it, while people work. Keep a copy of the keys before and after."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--resume", action="store_true", help="go on with the key of a run that was stopped"
        )
        parser.add_argument(
            "--pause", type=float, default=0.02, help="seconds of rest between batches (default 0.02)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        company = organisation()
        if company is None:
            raise CommandError("there is no organisation yet, so nothing is sealed")
        if options["resume"]:
            default_keyring().learn()
        else:
            begin_rotation(company, actor=None)
        self.stdout.write(f"sealing with {default_keyring().current}")
        total = 0
        # What processes wrote with the key before, until they heard of the new one, is found by the second round.
        for _round in range(2):
            for column in sealed_columns():
                done = reseal(column, pause=options["pause"])
                if done:
                    self.stdout.write(f"{column.name}: {done:,}")
                total += done
            total += reseal_authenticators()
            for name, reseal_files in sealed_files():
                done = reseal_files()
                if done:
                    self.stdout.write(f"{name}: {done:,}")
                total += done
        end_rotation(company, values=total, actor=None)
        self.stdout.write(
            f"{total:,} values are sealed with {default_keyring().current}; older keys stay for backups"
        )
