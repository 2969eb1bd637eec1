"""What the shop hears when the Elasticsearch it asks is away, slow, full, locked, or none at all. No server is needed for it."""

import json
import socket
from urllib.parse import urlsplit

import pytest
from elasticsearch import Elasticsearch

from cryptons.settings_parts import elasticsearch_from
from shop.search.elastic.engine import ElasticEngine
from shop.search.engine import Query, SearchBusy, SearchFailed, SearchNotReady, SearchUnavailable
from tests.shop.search.catalogue import document, key, typed
from tests.shop.search.odd_server import PRODUCT, Reply, odd_server

ASK = {
    "search": lambda engine: engine.search(typed("kettle", facets=True)),
    "suggest": lambda engine: engine.suggest(typed("kettle")),
    "apply": lambda engine: engine.apply(put=[document("Kettle")], remove=[key("Pan")]),
    "rebuild": lambda engine: engine.rebuild([document("Kettle")]),
    "fingerprints": lambda engine: list(engine.fingerprints()),
    "state": lambda engine: engine.state(),
}
MISSING = {"error": {"type": "index_not_found_exception", "reason": "no such index", "root_cause": []}, "status": 404}


@pytest.fixture
def server():
    with odd_server() as server:
        yield server


def engine_at(url, **waits):
    return ElasticEngine(Elasticsearch(**elasticsearch_from(url, "")), "store", **waits)


@pytest.fixture
def engine(server):
    return engine_at(server.url)


@pytest.mark.parametrize("step", ASK)
def test_a_server_that_is_away_is_said_to_be_so(step):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # taken, but nobody listens
        engine = engine_at(f"http://ada:lovelace@127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(SearchUnavailable, match="cannot be reached") as raised:
            ASK[step](engine)
    assert "lovelace" not in str(raised.value)


@pytest.mark.parametrize("step", ["search", "suggest", "state", "apply"])
def test_a_server_that_does_not_answer_is_not_waited_for(server, step):
    server.answer = lambda request: None
    with pytest.raises(SearchUnavailable, match="in time"):
        ASK[step](engine_at(server.url, asking=0.2, writing=0.2))
    assert len(server.requests) == 1


@pytest.mark.parametrize("step", ["search", "suggest", "apply", "fingerprints", "state"])
@pytest.mark.parametrize("status", [400, 401, 403, 413, 429, 500, 502, 503, 504])
def test_a_refusal_is_an_error_and_is_not_tried_again(server, engine, step, status):
    server.answer = lambda request: Reply(status, {"error": {"type": "x", "reason": "y", "root_cause": []}})
    with pytest.raises(SearchUnavailable, match=str(status)) as raised:
        ASK[step](engine)
    # A request that is not understood says nothing about the next one.
    assert type(raised.value) is (SearchFailed if status == 400 else SearchUnavailable)
    assert len(server.requests) == 1


@pytest.mark.parametrize("step", ASK)
@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<h1>Welcome</h1>", {"Content-Type": "text/html"}),
        Reply(200, {"hello": "world"}, {"Content-Type": "application/json"}),
        Reply(200, b"{not json"),
        Reply(200, b"", PRODUCT),
        Reply(200, {"took": 1}),
        Reply(200, []),
        Reply(200, {"timed_out": False, "hits": {"total": {"value": "many"}, "hits": [{"_id": "nonsense"}]}}),
        Reply(200, {"items": [{}], "timed_out": True}),
        Reply(200, b'{"timed_out": false, "hits"', PRODUCT, 100),
        Reply(404, b"<h1>Not found</h1>", {"Content-Type": "text/html"}),
        Reply(404, {"error": "Not Found"}),
    ],
)
def test_an_answer_of_something_else_is_an_error(server, engine, step, reply):
    server.answer = lambda request: reply
    with pytest.raises(SearchUnavailable) as raised:
        ASK[step](engine)
    assert not isinstance(raised.value, SearchNotReady)


@pytest.mark.parametrize("step", ["search", "suggest", "fingerprints"])
def test_a_missing_index_is_not_ready(server, engine, step):
    server.answer = lambda request: Reply(404, MISSING)
    with pytest.raises(SearchNotReady, match="rebuild_search"):
        ASK[step](engine)
    assert not engine.state().ready


def test_only_whole_answers_are_asked_for(server, engine):
    server.answer = lambda request: Reply(503, {})
    with pytest.raises(SearchUnavailable):
        engine.search(Query(limit=5))
    (asked,) = server.requests
    assert "allow_partial_search_results=false" in asked.path
    assert json.loads(asked.body)["track_total_hits"] is True


def items(*told):
    return Reply(200, {"errors": True, "items": list(told)})


def test_a_change_that_is_not_taken_is_an_error(server, engine):
    refused = {"type": "es_rejected_execution_exception", "reason": "queue is full"}
    server.answer = lambda request: items(
        {"delete": {"_id": str(key("Pan")), "status": 200, "result": "deleted"}},
        {"index": {"_id": str(key("Kettle")), "status": 429, "error": refused}},
    )
    with pytest.raises(SearchUnavailable, match="queue is full"):
        ASK["apply"](engine)


def test_changes_that_got_no_answer_are_an_error(server, engine):
    server.answer = lambda request: items({"delete": {"_id": str(key("Pan")), "status": 200, "result": "deleted"}})
    with pytest.raises(SearchUnavailable, match="1 of 2"):
        ASK["apply"](engine)


def test_changes_to_an_index_that_is_gone_are_not_ready(server, engine):
    told = {"_id": "x", "status": 404, "error": MISSING["error"]}
    server.answer = lambda request: items({"delete": told}, {"index": told})
    with pytest.raises(SearchNotReady):
        ASK["apply"](engine)
    assert "require_alias=true" in server.requests[0].path


def test_taking_out_what_is_not_there_is_no_error(server, engine):
    server.answer = lambda request: items(
        {"delete": {"_id": str(key("Pan")), "status": 404, "result": "not_found"}},
        {"index": {"_id": str(key("Kettle")), "status": 201, "result": "created"}},
    )
    ASK["apply"](engine)


@pytest.mark.parametrize("wrong", [{"price": "much"}, {"rating": None}, {"created": 1.5}])
def test_nothing_is_sent_where_a_document_is_wrong(server, engine, wrong):
    with pytest.raises(TypeError):
        engine.apply(put=[document("Pan"), document("Pot", **wrong)], remove=[key("Kettle")])
    assert server.requests == []


class Builder:
    """Answers as a server does while an index is built; what is in `broken` fails instead. `there` are the indices before."""

    def __init__(self, **there):
        self.there = there
        self.broken = {}

    def __call__(self, request):
        for call, reply in self.broken.items():
            if request.call.startswith(call):
                return reply
        if request.call.endswith("/_bulk"):
            sent = request.body.decode().splitlines()[::2]
            return Reply(200, {"items": [{"index": {"_id": "x", "status": 201}} for _ in sent]})
        if request.call.endswith("/_alias"):
            return Reply(200, self.there)
        return Reply(200, {"acknowledged": True})


@pytest.fixture
def alias(engine):
    return engine._indices.alias


OLD, OTHER, FUTURE = f"{1:032x}", f"{2:032x}", "f" * 32


def test_the_alias_moves_in_one_step_that_also_removes_what_is_older(server, engine, alias):
    stale, abandoned = f"store-products-00000000-{OTHER}", f"{alias}-{OTHER}"
    server.answer = Builder(
        **{
            f"{alias}-{OLD}": {"aliases": {alias: {}}},
            stale: {"aliases": {"store-products-00000000": {}}},
            abandoned: {"aliases": {f"{abandoned}-building": {}}},
            f"{alias}-{FUTURE}": {"aliases": {f"{alias}-{FUTURE}-building": {}}},
            f"store-products-x-products-00000000-{OLD}": {"aliases": {}},
        }
    )
    assert engine.rebuild(document(f"Kettle {number}") for number in range(301)) == 301
    new = urlsplit(server.requests[0].path).path[1:]
    assert server.calls == [
        f"PUT /{new}",
        f"PUT /{new}-building/_bulk",
        f"PUT /{new}-building/_bulk",
        f"POST /{new}/_refresh",
        "GET /store-products-*/_alias",
        "POST /_aliases",
    ]
    assert json.loads(server.requests[-1].body)["actions"] == [
        {"remove_index": {"index": f"{alias}-{OLD}"}},
        {"remove_index": {"index": stale}},
        {"remove_index": {"index": abandoned}},
        {"add": {"index": new, "alias": alias}},
        {"remove": {"index": new, "alias": f"{new}-building", "must_exist": True}},
    ]


def test_a_build_whose_index_another_one_removed_is_given_up(server, engine):
    server.answer = builder = Builder()
    builder.broken = {"PUT /store": items({"index": {"_id": "x", "status": 404, "error": MISSING["error"]}})}
    with pytest.raises(SearchBusy):
        ASK["rebuild"](engine)
    assert "POST /_aliases" not in server.calls


def test_a_build_that_another_one_overtook_is_given_up(server, engine, alias):
    server.answer = Builder(**{f"{alias}-{FUTURE}": {"aliases": {alias: {}}}})
    with pytest.raises(SearchBusy):
        ASK["rebuild"](engine)
    assert server.calls[-1] == server.calls[0].replace("PUT", "DELETE")
    assert "POST /_aliases" not in server.calls


@pytest.mark.parametrize(
    "where", ["PUT /store-products", "POST /store-products", "GET /store-products", "POST /_aliases"]
)
def test_a_build_that_fails_leaves_the_alias_and_removes_its_index(server, engine, where):
    server.answer = builder = Builder()
    builder.broken = {where: Reply(500, {"error": "disk full"})}
    with pytest.raises(SearchUnavailable):
        ASK["rebuild"](engine)
    assert server.calls[-1] == server.calls[0].replace("PUT", "DELETE")


def test_a_build_whose_index_cannot_be_removed_tells_the_first_error(server, engine):
    server.answer = builder = Builder()
    builder.broken = {"POST /store": Reply(500, {"error": "first"}), "DELETE": Reply(500, {"error": "second"})}
    with pytest.raises(SearchUnavailable, match="first"):
        ASK["rebuild"](engine)


def test_an_error_in_the_documents_is_passed_on_as_it_is(server, engine):
    server.answer = Builder()

    def broken():
        yield document("Kettle")
        raise ValueError("the database went away")

    with pytest.raises(ValueError, match="went away"):
        engine.rebuild(broken())
    assert server.calls[-1] == server.calls[0].replace("PUT", "DELETE")
