"""How many people can sign in a second: most of it is the hash of the password, which is slow on purpose."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from accounts.models import User
from benchmarks.report import percentile
from benchmarks.stage import as_json

PASSWORD = "three unrelated words"
AT_ONCE = 4


def sign_ins(base: str, seconds: float) -> str:
    """Return how fast sign-ins over the API are answered, in words."""
    email = "bench-sign-in@example.org"
    if not User.objects.filter(email=email).exists():
        User.objects.create_user(email=email, password=PASSWORD)
    body = as_json({"email": email, "password": PASSWORD})
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(AT_ONCE) as people:
        taken = [
            ms for part in people.map(lambda _: _again_and_again(base, body, until), range(AT_ONCE)) for ms in part
        ]
    rate = len(taken) / seconds
    return f"{rate:.1f} a second, p50 {percentile(taken, 0.5):.0f}, p95 {percentile(taken, 0.95):.0f} ms"


def _again_and_again(base: str, body: str, until: float) -> list[float]:
    taken = []
    line = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    while time.monotonic() < until:
        began = time.monotonic()
        line.request("POST", "/api/auth/login", body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"signing in was answered {answer.status}")
        taken.append((time.monotonic() - began) * 1000)
    return taken
