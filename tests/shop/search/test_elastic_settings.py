"""How the store reaches the Elasticsearch that its settings name."""

import base64
import ssl
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from cryptons.env import SettingError
from cryptons.settings_parts import elasticsearch_from
from shop.search.elastic.engine import ElasticEngine
from shop.search.engine import Query, SearchUnavailable
from tests.shop.search.odd_server import Reply, odd_server

CERTIFICATE = Path(__file__).parent / "certificate"
EMPTY = {"timed_out": False, "hits": {"total": {"value": 0}, "hits": []}}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://search:9200", "http://search:9200"),
        ("https://search", "https://search:443"),
        ("http://search/", "http://search:80"),
        ("https://ada:pass@[::1]:9243/behind/proxy/", "https://[::1]:9243/behind/proxy"),
    ],
)
def test_an_address_may_leave_out_what_goes_without_saying(url, host):
    assert elasticsearch_from(url, "")["hosts"] == [host]


def test_user_and_password_are_taken_from_the_address_and_sent():
    with odd_server() as server:
        server.answer = lambda request: Reply(200, EMPTY)
        url = server.url.replace("http://", "http://ada:p%40ss%3Aword@")
        assert ElasticEngine(Elasticsearch(**elasticsearch_from(url, "")), "store").search(Query()).total == 0
    sent = server.requests[0].headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent) == b"ada:p@ss:word"


@pytest.mark.parametrize(
    ("url", "file"), [("https://search", "/nowhere.pem"), ("http://search", str(CERTIFICATE / "cert.pem"))]
)
def test_certificates_that_are_not_there_or_not_used_stop_the_start(url, file):
    with pytest.raises(SettingError, match="ELASTICSEARCH_CA_FILE"):
        elasticsearch_from(url, file)


@pytest.fixture
def encrypted():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE / "cert.pem", CERTIFICATE / "key.pem")
    with odd_server(lambda plain: context.wrap_socket(plain, server_side=True)) as server:
        server.answer = lambda request: Reply(200, EMPTY)
        server.url = server.url.replace("http:", "https:")
        yield server


def test_a_server_with_a_certificate_of_ones_own_is_trusted_where_the_file_says_so(encrypted):
    made = elasticsearch_from(encrypted.url, str(CERTIFICATE / "cert.pem"))
    assert ElasticEngine(Elasticsearch(**made), "store").search(Query()).total == 0


def test_a_server_with_an_unknown_certificate_is_not_asked(encrypted):
    engine = ElasticEngine(Elasticsearch(**elasticsearch_from(encrypted.url, "")), "store")
    with pytest.raises(SearchUnavailable, match="cannot be reached"):
        engine.search(Query())
    assert encrypted.requests == []
