"""The entrance for granian: pages and API over WSGI, lines of events beside them."""

from django.conf import settings

from cryptons.serving.application import Application
from cryptons.streams.hub import hub
from cryptons.wsgi import application as wsgi

application = Application(wsgi, threads=settings.WEB_THREADS, hub=hub)
