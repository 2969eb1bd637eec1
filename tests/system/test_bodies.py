"""Bodies as clients really send them, over the wire to the running store."""

import json
import socket
from http.client import HTTPResponse

import httpx

LOGIN = {"email": "nobody@example.org", "password": "three unrelated words"}


def said(store, head, body=b""):
    """Return status and JSON of the answer to a request as it stands; asserts that the store ends the connection where it says so."""
    with socket.create_connection(("127.0.0.1", store.port), timeout=60) as wire:
        lines = [*head, f"Host: 127.0.0.1:{store.port}", "Content-Type: application/json", "", ""]
        wire.sendall("\r\n".join(lines).encode() + body)
        answer = HTTPResponse(wire)
        answer.begin()
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Request-ID"]
        assert answer.headers["RateLimit-Limit"]
        return answer.status, json.loads(answer.read())["error"]["code"], answer.headers.get("Connection")


def test_a_body_arrives_in_pieces_and_too_large_a_one_is_refused_in_the_envelope(store):
    url = f"{store.url}/api/auth/login"
    pieces = iter([json.dumps(LOGIN).encode()[:20], json.dumps(LOGIN).encode()[20:]])
    in_pieces = httpx.post(
        url, content=pieces, headers={"Content-Type": "application/json"}, trust_env=False, timeout=60
    )
    assert (in_pieces.status_code, in_pieces.json()["error"]["code"]) == (401, "INVALID_CREDENTIALS")
    post = "POST /api/auth/login HTTP/1.1"
    assert said(store, [post, "Content-Length: 70000000"]) == (413, "PAYLOAD_TOO_LARGE", "close")
    packed = said(store, [post, "Transfer-Encoding: gzip, chunked"], b"2\r\n{}\r\n0\r\n\r\n")
    assert packed == (400, "MALFORMED_REQUEST", None)
