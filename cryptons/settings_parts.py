"""The longer pieces of the settings: a database, a mail server, a log format, each from one value."""

import logging.config
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
import structlog

from cryptons.env import SettingError

# The log is put into the database every 16 MB and not every 4: whoever commits just then waits for the disk.
_SQLITE = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000; PRAGMA wal_autocheckpoint=4000;"
)


def database_from(url: str) -> dict[str, Any]:
    """Return Django's entry for a database URL.

    SQLite runs with a write-ahead log and takes its write lock at the start of a transaction (`IMMEDIATE`): in the deferred mode
    writers that began as readers fail at once with "database is locked" instead of waiting their turn.
    """
    try:
        entry: dict[str, Any] = dict(environ.Env.db_url_config(url))
    except ValueError as error:
        raise SettingError(
            "DATABASE_URL", "sqlite:///path or postgres://user:password@host:port/name", "something else"
        ) from error
    if entry["ENGINE"] == "django.db.backends.sqlite3":
        entry["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": _SQLITE,
        }
    elif entry["ENGINE"] == "django.db.backends.postgresql":
        entry["OPTIONS"] = options = _postgres(entry.get("OPTIONS", {}))
        # A cursor that stays on the server is not there either for whoever gets another connection with the next statement.
        entry.setdefault("DISABLE_SERVER_SIDE_CURSORS", options["server_side_binding"] is not True)
    entry["CONN_MAX_AGE"] = 600
    entry["CONN_HEALTH_CHECKS"] = entry["ENGINE"] != "django.db.backends.sqlite3"
    return entry


def _postgres(options: dict[str, Any]) -> dict[str, Any]:
    """Return `options`, those of the URL, with values sent apart from statements, so that the server prepares what comes often once.

    A pooler that gives each transaction another connection knows nothing of what was prepared: `?server_side_binding=false` in the
    URL turns both off.
    """
    options = {"server_side_binding": True, **options}
    if options["server_side_binding"] is True:
        options.setdefault("prepare_threshold", 5)
    return options


def cache_from(url: str, name: str, *, most: int = 300, counts: bool = False) -> dict[str, Any]:
    """Return Django's entry for a cache of its own: in this process (`locmem://`, `most` entries) or, under its name, in Redis.

    One that `counts` is of `cryptons.counting`. A Redis that does not answer within two seconds is taken for away.
    """
    if url.startswith("redis"):
        backend = "cryptons.counting.CountingRedis" if counts else "django.core.cache.backends.redis.RedisCache"
        patience = {"socket_connect_timeout": 1, "socket_timeout": 2}
        return {"BACKEND": backend, "LOCATION": url, "KEY_PREFIX": name, "OPTIONS": patience}
    backend = "cryptons.counting.CountingLocMem" if counts else "django.core.cache.backends.locmem.LocMemCache"
    return {"BACKEND": backend, "LOCATION": name, "OPTIONS": {"MAX_ENTRIES": most}}


def cors_from(origins: list[str]) -> dict[str, Any]:
    """Return django-cors-headers' settings for `origins` (`["*"]`: every one): the API alone, and never with cookies."""
    everybody = origins == ["*"]
    asks = [
        "accept",
        "authorization",
        "content-type",
        "idempotency-key",
        "if-none-match",
        "last-event-id",
        "x-request-id",
    ]
    reads = ["ETag", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "X-Request-ID"]
    return {
        "CORS_ALLOW_ALL_ORIGINS": everybody,
        "CORS_ALLOWED_ORIGINS": [] if everybody else origins,
        "CORS_ALLOW_CREDENTIALS": False,
        "CORS_URLS_REGEX": r"^/api(/|$)",
        "CORS_ALLOW_METHODS": ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"],
        "CORS_ALLOW_HEADERS": asks,
        "CORS_EXPOSE_HEADERS": [*reads, "Idempotent-Replayed"],
        "CORS_PREFLIGHT_MAX_AGE": 7200,
    }


def elasticsearch_from(url: str, ca_file: str) -> dict[str, Any]:
    """Return what the Elasticsearch client is made with: user and password from the URL, and one try with a bounded wait.

    `ca_file` is the path of the certificates that an https server's has to go back to; empty for those of the system. Raises SettingError.
    """
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    made: dict[str, Any] = {
        "hosts": [f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"],
        "request_timeout": 10,
        "max_retries": 0,
        "retry_on_timeout": False,
    }
    if parts.username:
        made["basic_auth"] = (unquote(parts.username), unquote(parts.password or ""))
    if ca_file:
        if parts.scheme != "https" or not Path(ca_file).is_file():
            allowed = "the path of a file of certificates (PEM), with an https: address in ELASTICSEARCH_URL"
            raise SettingError("ELASTICSEARCH_CA_FILE", allowed, ca_file)
        made["ca_certs"] = ca_file
    return made


def email_from(url: str, var_dir: Path) -> dict[str, Any]:
    """Return Django's e-mail settings for `embedded://` (console and files under var/mail) or an SMTP URL."""
    if url.startswith("embedded"):
        return {"EMAIL_BACKEND": "cryptons.mail.EmbeddedBackend", "EMAIL_FILE_PATH": str(var_dir / "mail")}
    parts: dict[str, Any] = environ.Env.email_url_config(url)
    return {**parts, "EMAIL_TIMEOUT": 15}


def logging_for(level: str, *, as_json: bool, quiet: bool) -> None:
    """Set up logging: one JSON object a line, or readable lines; `quiet` leaves only warnings (a test run)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info if as_json else structlog.processors.StackInfoRenderer(),
    ]
    # Plain tracebacks: the pretty ones print local variables, and those may hold a password.
    lines = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = structlog.processors.JSONRenderer() if as_json else lines
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["console"], "level": "WARNING" if quiet else level},
            "loggers": {
                "celery": {"level": "WARNING"},
                "kombu.connection": {"level": "ERROR"},  # it warns that a folder has no host name
                "httpx": {"level": "WARNING"},
                "elastic_transport": {"level": "ERROR"},  # the store says itself what goes wrong
                "django.server": {"level": "WARNING"},
            },
        }
    )
