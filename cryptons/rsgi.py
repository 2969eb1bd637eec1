"""The entrance for granian: pages and API over WSGI, lines of events beside them."""

from django.conf import settings

from cryptons.serving.application import Application
from cryptons.streams.hub import hub
from cryptons.wsgi import application as wsgi
from cryptons.wsgi import kept

# In Redis the marks cost a wait, which is for a thread and not for the loop.
_known = None if settings.CACHE_URL.startswith("redis") else kept

application = Application(wsgi, threads=settings.WEB_THREADS, hub=hub, known=_known)
