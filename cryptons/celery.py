"""The Celery application: workers find their tasks in each app's `tasks` module."""

import os

from celery import Celery

from cryptons.start import settings_or_exit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cryptons.settings")
if os.environ["DJANGO_SETTINGS_MODULE"] == "cryptons.settings":  # other settings import these, and are not ready here yet
    settings_or_exit()

app = Celery("cryptons")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
