"""The search engine outside the store: Elasticsearch 8, through django-elasticsearch-dsl and the official client."""
