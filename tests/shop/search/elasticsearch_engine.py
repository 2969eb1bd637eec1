"""The engine of a server elsewhere, for the tests of the contract. Each test has a prefix of its own, so that many can run at once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from elasticsearch import Elasticsearch

from cryptons.settings_parts import elasticsearch_from
from shop.search.elastic.engine import ElasticEngine


@contextmanager
def fresh_engine(_folder: Path) -> Iterator[ElasticEngine]:
    prefix = f"test-{uuid4().hex}"
    with Elasticsearch(**elasticsearch_from(os.environ["TEST_ELASTICSEARCH_URL"], "")) as client:
        yield ElasticEngine(client, prefix)
        for index in client.indices.get(index=f"{prefix}-*").body:
            client.indices.delete(index=index)
