from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tantam.journal.queries.chain import Broken, examine
from tantam.journal.serving.head import keep_head, kept_head, path_of_head

_WORDS: Final = {
    "entry_changed": "entry {entry} is not what it was when seal {number} was made",
    "entry_removed": "entry {entry}, which seal {number} holds, is gone",
    "entry_added": "entry {entry} was put among those of seal {number} afterwards",
    "seal_changed": "seal {number} itself was changed",
    "seal_missing": "seal {number} is gone, and a later one is there",
    "head_missing_seal": "the journal ends before seal {number}, which the head outside the database knows",
    "head_differs": "seal {number} is not the one in the head outside the database",
}
_LONGEST_WAIT: Final = 60


class Command(BaseCommand):
    help = "Walk along the chain over the journal and name the first break."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--take-head",
            action="store_true",
            help="after a restored backup: keep the head of the journal as it is now, once it is unbroken",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            head = kept_head()
        except (ValueError, KeyError) as error:
            raise CommandError(f"{path_of_head()} is damaged: {error}") from None
        found = examine(None if options["take_head"] else head)
        if found.broken is not None:
            raise CommandError(_said(found.broken))
        if found.last is None:
            self.stdout.write("the journal is not sealed yet; the worker does it while the product runs")
            return
        if options["take_head"]:
            keep_head(found.last)
        elif head is None:
            raise CommandError(
                f"{path_of_head()} is missing, so nobody can say whether the end of the journal is. "
                "After a restored backup: ./tantam manage check_journal --take-head"
            )
        made = f"{found.last.sealed_at:%Y-%m-%d %H:%M:%S} UTC"
        self.stdout.write(
            f"{found.entries:,} entries in {found.seals:,} seals, unbroken; "
            f"head {found.last.number}:{bytes(found.last.digest).hex()[:16]} of {made}"
        )
        if found.unsealed_since is not None:
            waits = (timezone.now() - found.unsealed_since).total_seconds()
            if waits > _LONGEST_WAIT:
                self.stdout.write(
                    f"{found.unsealed:,} entries wait to be sealed, the oldest for {waits:,.0f} s: is a worker running?"
                )


def _said(broken: Broken) -> str:
    return "the journal is broken: " + _WORDS[broken.what].format(number=broken.number, entry=broken.entry)
