"""Which search engine this store uses: the settings say so, and nothing else knows."""

from django.conf import settings
from django.utils.module_loading import import_string

from shop.search.engine import Engine


def chosen_engine() -> Engine:
    """Return the engine of the settings."""
    engine: Engine = import_string(settings.SEARCH_ENGINE)()
    return engine
