"""The entrance for an asynchronous HTTP server."""

from django.core.asgi import get_asgi_application

from cryptons.start import settings_or_exit

settings_or_exit()
application = get_asgi_application()
