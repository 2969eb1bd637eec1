"""From the body of a request to the body of its answer (JSON-RPC 1.0 and 2.0, batches)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox.errors import INVALID_REQUEST, METHOD_NOT_FOUND, MISC, PARSE, RpcError
from sandbox.node import Node
from sandbox.rpc.registry import Call, invoke
from sandbox.values import decode, encode

logger = logging.getLogger(__name__)
Json = dict[str, Any]


class Answer(NamedTuple):
    """HTTP status and body, None for no body at all."""

    status: int
    body: str | None


@dataclass
class Dispatcher:
    """Answers requests for one node."""

    node: Node
    stop: Callable[[], None]

    def answer(self, path: str, body: bytes) -> Answer:
        """Give the answer to a POST body sent to `path`."""
        try:
            request = decode(body.decode())
        except ValueError:
            return _failed(RpcError(PARSE, "Parse error"))
        if isinstance(request, list):
            return self._batch(path, request)
        if not isinstance(request, dict):
            return _failed(RpcError(PARSE, "Top-level object parse error"))
        reply, error = self._one(path, request)
        if reply is None:
            return Answer(204, None)
        modern = request.get("jsonrpc") == "2.0"
        return Answer(200 if modern or error is None else _status(error), encode(reply) + "\n")

    def _batch(self, path: str, requests: list[Any]) -> Answer:
        replies = [self._member(path, request) for request in requests]
        shown = [reply for reply in replies if reply is not None]
        if requests and not shown:
            return Answer(204, None)
        return Answer(200, encode(shown) + "\n")

    def _member(self, path: str, request: Any) -> Json | None:
        if not isinstance(request, dict):
            return _reply(None, RpcError(INVALID_REQUEST, "Invalid Request object"), {}, modern=False)
        return self._one(path, request)[0]

    def _one(self, path: str, request: Json) -> tuple[Json | None, RpcError | None]:
        """Give the reply, None for a notification, and the error in it."""
        modern = request.get("jsonrpc") == "2.0"
        result, error = None, None
        try:
            name, arguments = _parsed(request)
            result = self._run(path, name, arguments)
        except RpcError as failure:
            error = failure
        if modern and "id" not in request:
            return None, None
        return _reply(result, error, {"id": request["id"]} if "id" in request else {}, modern=modern), error

    def _run(self, path: str, name: str, arguments: Any) -> Any:
        try:
            with self.node.working():
                return invoke(name, arguments, Call(self.node, path, self.stop))
        except RpcError:
            raise
        except Exception as error:  # a node answers -1 rather than fall over
            logger.exception("The sandbox failed in %s", name)
            raise RpcError(MISC, f"{type(error).__name__}: {error}") from error


def _parsed(request: Json) -> tuple[str, Any]:
    version = request.get("jsonrpc")
    if version not in {None, "1.0", "2.0"}:
        raise RpcError(INVALID_REQUEST, "JSON-RPC version not supported")
    name = request.get("method")
    if name is None:
        raise RpcError(INVALID_REQUEST, "Missing method")
    if not isinstance(name, str):
        raise RpcError(INVALID_REQUEST, "Method must be a string")
    arguments = request.get("params")
    if arguments is not None and not isinstance(arguments, list | dict):
        raise RpcError(INVALID_REQUEST, "Params must be an array or object")
    return name, arguments


def _reply(result: Any, error: RpcError | None, request_id: Json, *, modern: bool) -> Json:
    """Build a reply; `request_id` is the member to echo, empty when the request had none."""
    shown = {"code": error.code, "message": error.message} if error else None
    if not modern:
        return {"result": result, "error": shown, **request_id}
    outcome: Json = {"error": shown} if shown else {"result": result}
    return {"jsonrpc": "2.0", **outcome, **request_id}


def _failed(error: RpcError) -> Answer:
    return Answer(_status(error), encode(_reply(None, error, {"id": None}, modern=False)) + "\n")


def _status(error: RpcError) -> int:
    return {INVALID_REQUEST: 400, METHOD_NOT_FOUND: 404}.get(error.code, 500)
