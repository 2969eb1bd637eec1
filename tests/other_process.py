"""What a second process of the store under test is started with."""

import os
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection


def database_url() -> str:
    """Return the address of the test's database, as DATABASE_URL takes it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(settings.DATABASE_URL)._replace(path=f"/{quote(name)}").geturl()


def same_store(**others: str) -> dict[str, str]:
    """Return the environment of a process that shares this one's database and folder; `others` are variables of its own."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cryptons.settings",
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(settings.VAR_DIR),
        **others,
    }
