"""The entrance for an HTTP server."""

from django.core.wsgi import get_wsgi_application

from cryptons.start import settings_or_exit

settings_or_exit()
application = get_wsgi_application()
