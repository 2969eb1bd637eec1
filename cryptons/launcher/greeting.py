"""The block of addresses that is shown once the store really answers."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
from django.conf import settings

_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 (compared with, not listened on)


def greet_when_open(say: Callable[[str], None], *, patience: float = 120.0) -> None:
    """Wait until the web server answers, at most `patience` seconds, then `say` where everything is."""
    host = _EVERY_ADDRESS.get(settings.HOST, f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if _answers(f"http://{host}:{settings.PORT}/healthz"):
            say(greeting())
            return
        time.sleep(0.1)
    say(f"The web server has not answered for {patience:.0f} seconds; its lines above say why.")


def greeting() -> str:
    """Return the addresses of shop, admin and play wallet for people."""
    lines = [
        "",
        "  The store is open.",
        "",
        f"    Shop         {settings.SITE_URL}/",
        f"    Admin        {settings.SITE_URL}/admin/",
    ]
    if settings.SANDBOX:
        lines.append(f"    Play wallet  http://{settings.SANDBOX_HOST}:{settings.SANDBOX_WALLET_PORT}/")
    return "\n".join([*lines, "", f"    Ctrl-C stops it. Data stay in {settings.VAR_DIR}.", ""])


def _answers(url: str) -> bool:
    try:
        # By the name that people use: the store refuses others with a line in the log.
        name = {"Host": urlsplit(settings.SITE_URL).netloc}
        return httpx.get(url, headers=name, timeout=2, trust_env=False).status_code < 500
    except httpx.HTTPError:
        return False
