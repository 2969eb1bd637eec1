"""The Celery application: workers find their tasks in each app's `tasks` module."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cryptons.settings")

app = Celery("cryptons")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
