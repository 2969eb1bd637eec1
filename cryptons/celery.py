"""The Celery application: workers find their tasks in each app's `tasks` module."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

import cryptons.stopping  # noqa: F401 (hears that a worker is to stop)
from cryptons.start import settings_or_exit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cryptons.settings")
# Other settings (a test run's) import these, and are not ready at this moment.
if os.environ["DJANGO_SETTINGS_MODULE"] == "cryptons.settings":
    settings_or_exit()

TRANSPORT_ALIASES["filesystem"] = "cryptons.folder_queue:Transport"

app = Celery("cryptons")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
