from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tantam.demo.load import PATIENTS, NotADemonstration, load


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration hospital. Run again, it only says that it is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patients", type=int, default=PATIENTS, help="how many patients (default 5000)")
        parser.add_argument("--today", type=date.fromisoformat, help="the day it is there (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only a demonstration may be filled with invented people: set TANTAM_DEMO=1.")
        if not 50 <= options["patients"] <= 50_000:
            raise CommandError("--patients needs a number from 50 to 50000.")
        began = time.monotonic()
        try:
            done = load(patients=options["patients"], today=options["today"], say=self.say)
        except NotADemonstration as refusal:
            raise CommandError(str(refusal)) from refusal
        if not done.is_new:
            self.stdout.write(f"The demonstration hospital is there: {done.patients} patients.")
            return
        self.stdout.write(f"  loaded in {time.monotonic() - began:.1f} s")

    def say(self, words: str) -> None:
        self.stdout.write(f"  {words}")
