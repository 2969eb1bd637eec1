#!/usr/bin/env python3
"""Everything an operator does starts here: `manage.py help` lists it."""

import sys

from django.core.management import execute_from_command_line

from cryptons.start import settings_or_exit


def main() -> None:
    """Run the command named on the command line."""
    settings_or_exit()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
