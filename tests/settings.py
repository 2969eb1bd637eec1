"""The store's own settings, under a folder of the test run's own and with quick password hashes."""

import os
import tempfile

os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="cryptons-test-")
os.environ["CRYPTONS_ENV"] = "development"
os.environ["PAYMENT_CONFIRMATIONS"] = "0:1,1000:3,10000:6"

from cryptons.settings import *  # noqa: F403
from cryptons.settings import DATABASES, STATIC_ROOT, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = False
# A page shows what the test has just written.
PAGE_CACHE_SECONDS = 0
# Most tests' orders are one buyer's.
MAX_OPEN_ORDERS = 0
# Threads need one file that they share; a database in memory belongs to one connection. On a server each run has a database of its own.
_database = DATABASES["default"]
_ON_SQLITE = _database["ENGINE"] == "django.db.backends.sqlite3"
_database["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3") if _ON_SQLITE else f"{_database['NAME']}_{VAR_DIR.name}"}
STATIC_ROOT.mkdir()
