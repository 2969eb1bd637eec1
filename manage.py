#!/usr/bin/env python3
"""Everything an operator does starts here: `manage.py help` lists it."""

import os
import sys


def main() -> None:
    """Run the command named on the command line; a wrong setting is one line, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cryptons.settings")
    from django.conf import settings  # noqa: PLC0415 (the variable above has to be set first)
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    from cryptons.env import SettingError  # noqa: PLC0415

    try:
        _ = settings.DEBUG
    except SettingError as error:
        sys.exit(f"cryptons: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
