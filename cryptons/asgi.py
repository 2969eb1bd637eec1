"""The entrance for an asynchronous HTTP server."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cryptons.settings")

application = get_asgi_application()
