"""The search engine outside the store: Elasticsearch 8, through django-elasticsearch-dsl and the official client.

Nothing of it is imported by a store that searches without it.
"""

from django.conf import settings
from elasticsearch.dsl.connections import get_connection

from shop.search.elastic.engine import ElasticEngine


def from_settings() -> ElasticEngine:
    """Return the engine that the settings name, on the connection that django-elasticsearch-dsl keeps for this process."""
    return ElasticEngine(get_connection(), settings.ELASTICSEARCH_INDEX)
