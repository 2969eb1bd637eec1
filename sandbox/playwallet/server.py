"""The play wallet's web page. It listens on this machine and takes orders from its own page only."""

import hmac
import logging
import secrets
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.template import Context, Engine

from sandbox.node import Node
from sandbox.playwallet import actions
from sandbox.playwallet.link import LinkError, PaymentLink, read_link
from sandbox.playwallet.view import overview

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
ASSETS = {
    "/play-wallet.css": (ROOT / "static/css/play-wallet.css", "text/css; charset=utf-8"),
    "/play-wallet.js": (ROOT / "static/js/play-wallet.js", "text/javascript; charset=utf-8"),
}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
ANYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 (compared with, not listened on)
LONGEST_FORM = 20_000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), clipboard-read=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class WalletServer(ThreadingTCPServer):
    """Serves the page for one node."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], node: Node) -> None:
        self.node = node
        self.token = secrets.token_urlsafe(24)
        self.notices: dict[str, tuple[str, str]] = {}
        self.engine = Engine(dirs=[str(ROOT / "templates")], autoescape=True)
        super().__init__(address, WalletHandler)

    def remember(self, kind: str, text: str) -> str:
        """Keep a sentence for the next page; gives its name."""
        name = secrets.token_urlsafe(8)
        self.notices[name] = (kind, text)
        while len(self.notices) > 50:
            self.notices.pop(next(iter(self.notices)), None)
        return name

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong, unless a client merely went away."""
        if not isinstance(sys.exception(), OSError):
            logger.error("The sandbox failed to answer", exc_info=sys.exception())


class WalletHandler(BaseHTTPRequestHandler):
    """One browser connection."""

    server: WalletServer
    protocol_version = "HTTP/1.1"
    timeout = 30
    server_version = "Sandbox"
    sys_version = ""

    def do_GET(self) -> None:
        """Show a page."""
        parts = urlsplit(self.path)
        if not self._known_host():
            self._send(403, "This page answers under its own address only.")
        elif parts.path in ASSETS:
            path, kind = ASSETS[parts.path]
            self._send(200, path.read_text(), kind)
        elif parts.path == "/":
            self._send(200, self._page(parse_qs(parts.query)))
        elif parts.path == "/live":
            self._send(200, self._render("sandbox/_live.html", {}))
        else:
            self._send(404, "There is nothing here.")

    def do_POST(self) -> None:
        """Do what a button says, then show the page again."""
        length = int(self.headers.get("Content-Length") or 0)
        form = {key: values[0] for key, values in parse_qs(self.rfile.read(min(length, LONGEST_FORM)).decode()).items()}
        if not self._known_host() or not self._same_origin():
            self._send(403, "Only the play wallet's own page may do that.")
            return
        if not hmac.compare_digest(form.get("token", "").encode(), self.server.token.encode()):
            self._back(self.server.remember("bad", "The page was out of date. Nothing was done; try again."), form)
            return
        try:
            with self.server.node.working():
                notice = self.server.remember("ok", self._act(form))
            self._back(notice, {})
        except actions.ActionError as error:
            self._back(self.server.remember("bad", str(error)), form)

    def _act(self, form: dict[str, str]) -> str:
        node, txid = self.server.node, form.get("txid", "")
        match urlsplit(self.path).path:
            case "/pay":
                return actions.pay(node, form.get("uri", ""), form.get("amount", ""))
            case "/mine":
                return actions.mine(node, 6 if form.get("count") == "6" else 1)
            case "/raise-fee":
                return actions.raise_fee(node, txid)
            case "/send-elsewhere":
                return actions.send_elsewhere(node, txid)
            case "/double-spend":
                return actions.double_spend_in_block(node, txid)
        raise actions.ActionError("That button is not known.")

    def _page(self, query: dict[str, list[str]]) -> str:
        link = query.get("uri", [""])[0]
        kind, text = self.server.notices.pop(query.get("notice", [""])[0], ("", ""))
        wanted, problem = _look_at(link)
        values = {"link": link, "wanted": wanted, "link_problem": problem, "notice": text, "notice_kind": kind}
        return self._render("sandbox/wallet.html", values)

    def _render(self, template: str, values: dict[str, Any]) -> str:
        with self.server.node.working():
            shown = overview(self.server.node)
        context = Context({**shown, **values, "token": self.server.token})
        return str(self.server.engine.get_template(template).render(context))

    def _back(self, notice: str, form: dict[str, str]) -> None:
        query = {"notice": notice} | ({"uri": form["uri"]} if form.get("uri") else {})
        self.send_response(303)
        self.send_header("Location", "/?" + urlencode(query))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _known_host(self) -> bool:
        """Refuse names that merely point here, as a hostile page could make one (DNS rebinding)."""
        bound = str(self.server.server_address[0])
        name = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        return bound in ANYWHERE or name in LOOPBACK | {bound}

    def _same_origin(self) -> bool:
        origin = self.headers.get("Origin")
        site = self.headers.get("Sec-Fetch-Site", "same-origin")
        return site in {"same-origin", "none"} and origin in {None, f"http://{self.headers.get('Host', '')}"}

    def _send(self, status: int, text: str, kind: str = "text/html; charset=utf-8") -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class names it so)
        """Keep no access log."""


def _look_at(link: str) -> tuple[PaymentLink | None, str]:
    if not link.strip():
        return None, ""
    try:
        return read_link(link), ""
    except LinkError as error:
        return None, str(error)
