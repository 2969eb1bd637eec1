"""The first moment of every process: a wrong setting is one line that names it, never a traceback."""

import os
import sys


def settings_or_exit() -> None:
    """Load the settings; end the process with one line where one of them is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cryptons.settings")
    from django.conf import settings  # noqa: PLC0415 (the variable above has to be set first)

    from cryptons.env import SettingError  # noqa: PLC0415

    try:
        _ = settings.DEBUG
    except SettingError as error:
        sys.exit(f"cryptons: {error}")
