"""Run one benchmark on the home and the database that the environment names; its numbers are the last line."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict

import django
from django.core.management import call_command


def main() -> None:
    """Migrate, measure, say."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    numbers = importlib.import_module(f"benchmarks.{sys.argv[1]}").measure()
    print(json.dumps([asdict(number) for number in numbers]))


if __name__ == "__main__":
    main()
