"""All settings, read from the environment (`cryptons.env`). `.env.example` names each with its default.

Development is the default, so that a newcomer's one machine needs nothing; `CRYPTONS_ENV=production` closes everything down.
"""

import re
import sys
from datetime import timedelta
from pathlib import Path

import django_stubs_ext
from celery.schedules import crontab

from cryptons import env
from cryptons.settings_openapi import SWAGGER_UI, openapi_for
from cryptons.settings_parts import cache_from, cors_from, database_from, elasticsearch_from, email_from, logging_for

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_env_file(BASE_DIR / ".env")

PRODUCTION = env.choice("CRYPTONS_ENV", "development", ["development", "production"]) == "production"
DEBUG = env.flag("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise env.SettingError("DEBUG", "0 with CRYPTONS_ENV=production", "1")

VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")
HOST = env.text("HOST", "127.0.0.1", allowed="an address to listen on")
PORT = env.integer("PORT", 8000, low=1, high=65535)
_EVERYWHERE = HOST in {"0.0.0.0", "::"}  # noqa: S104 (compared with, not listened on)
_SHOWN_HOST = "localhost" if _EVERYWHERE else f"[{HOST}]" if ":" in HOST else HOST
SITE_URL = env.url("SITE_URL", f"http://{_SHOWN_HOST}:{PORT}", schemes=["http", "https"]).rstrip("/")
SITE_NAME = env.text("SITE_NAME", "Cryptons")
WEB_WORKERS = env.integer("WEB_WORKERS", 2, low=1, high=256)

_DEVELOPMENT_KEY = "development-only-key-that-no-production-start-accepts"
SECRET_KEY = env.secret("SECRET_KEY", "" if PRODUCTION else _DEVELOPMENT_KEY)
if PRODUCTION and (len(SECRET_KEY) < 50 or SECRET_KEY == _DEVELOPMENT_KEY or len(set(SECRET_KEY)) < 5):
    raise env.SettingError("SECRET_KEY", "a random text of at least 50 characters", "something shorter or nothing")
_OWN_HOSTS = "*" if _EVERYWHERE else f"localhost,127.0.0.1,[::1],{_SHOWN_HOST}"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else _OWN_HOSTS)
if PRODUCTION and not ALLOWED_HOSTS:
    raise env.SettingError("ALLOWED_HOSTS", "the names the store is reached by, separated by commas")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", SITE_URL if SITE_URL.startswith("https:") else "")
if not all(origin.startswith(("https://", "http://")) for origin in CSRF_TRUSTED_ORIGINS):
    raise env.SettingError("CSRF_TRUSTED_ORIGINS", "origins such as https://shop.example, separated by commas")

# Pages of other origins that may use the API. Nothing is opened for cookies: such a page shows a bearer token of its own.
CORS_ORIGINS = env.origins("CORS_ORIGINS")
globals().update(cors_from(CORS_ORIGINS))

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "cryptons.apps.CryptonsConfig",
    "cryptons.api",
    "accounts",
    "shop",
    "payments",
    "orders",
    "reviews",
    "sandbox",
]

MIDDLEWARE = [
    "cryptons.pagecache.PageCacheMiddleware",
    "cryptons.middleware.RequestIdMiddleware",
    "cryptons.headers.HeadersMiddleware",
    "cryptons.api.middleware.ApiMiddleware",
    "cryptons.middleware.UnreadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

if CORS_ORIGINS:
    # Before whatever may refuse a request: an error says it too. The page cache stands before it, for whoever names no origin.
    MIDDLEWARE.insert(2, "corsheaders.middleware.CorsMiddleware")

ROOT_URLCONF = "cryptons.urls"
WSGI_APPLICATION = "cryptons.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cryptons.context.store",
                "shop.context.cart",
            ],
        },
    },
]

DATABASE_URL = env.url(
    "DATABASE_URL", f"sqlite:///{VAR_DIR / 'cryptons.sqlite3'}", schemes=["sqlite", "postgres", "postgresql"]
)
DATABASES = {"default": database_from(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Threads of one web process that answer requests. SQLite has one writer; another database gains from four, and more would only take
# turns on its locks.
WEB_THREADS = 1 if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3" else 4
EVENTS_LISTENERS = env.integer("EVENTS_LISTENERS", 1000, high=100_000)
EVENTS_PER_CLIENT = env.integer("EVENTS_PER_CLIENT", 20, low=1, high=100_000)
EVENTS_COMMENT_SECONDS = env.integer("EVENTS_COMMENT_SECONDS", 15, low=1, high=300)
EVENTS_RECHECK_SECONDS = env.integer("EVENTS_RECHECK_SECONDS", 45, low=1, high=60)

CACHE_URL = env.url("CACHE_URL", "locmem://", schemes=["locmem", "redis", "rediss"])
# Whoever works on templates sees an edit at once.
PAGE_CACHE_SECONDS = env.integer("PAGE_CACHE_SECONDS", 0 if DEBUG else 600, high=86_400)
PAGE_CACHE_MB = env.integer("PAGE_CACHE_MB", 64, low=1, high=65_536)
CACHES = {
    "default": cache_from(CACHE_URL, "cryptons"),
    "limits": cache_from(CACHE_URL, "limits", most=100_000, counts=True),
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
RATELIMIT_AUTH = env.rate("RATELIMIT_AUTH", "5/15m")
RATELIMIT_API = env.rate("RATELIMIT_API", "100/15m")
RATELIMIT_USER = env.rate("RATELIMIT_USER", "1000/15m")
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "shop:home"
LOGOUT_REDIRECT_URL = "shop:home"

# The API's tokens. Without a key of their own they are signed with one made from SECRET_KEY, which JWT_PREVIOUS_KEY=SECRET_KEY stands for.
JWT_KEY = env.secret("JWT_KEY")
JWT_PREVIOUS_KEY = env.secret("JWT_PREVIOUS_KEY")
for _name, _key in (("JWT_KEY", JWT_KEY), ("JWT_PREVIOUS_KEY", JWT_PREVIOUS_KEY)):
    if _key and len(_key) < 32 and (_name, _key) != ("JWT_PREVIOUS_KEY", "SECRET_KEY"):
        raise env.SettingError(_name, "a random text of at least 32 characters, or nothing", "something shorter")
ACCESS_TOKEN_SECONDS = 60 * env.integer("ACCESS_TOKEN_MINUTES", 1440, low=1, high=10080)
REFRESH_TOKEN_DAYS = env.integer("REFRESH_TOKEN_DAYS", 30, low=1, high=365)

# Webhooks. Several secrets may be good at once, so that one can be replaced.
WEBHOOK_SECRETS = [part.strip() for part in re.split(r"[,\n]", env.secret("WEBHOOK_SECRETS")) if part.strip()]
if PRODUCTION and any(len(secret) < 24 for secret in WEBHOOK_SECRETS):
    raise env.SettingError(
        "WEBHOOK_SECRETS", "random texts of at least 24 characters, separated by commas", "a shorter one"
    )
RATELIMIT_WEBHOOK = env.rate("RATELIMIT_WEBHOOK", "20/15m")
WEBHOOK_ALLOW_PRIVATE = env.flag("WEBHOOK_ALLOW_PRIVATE", default=False)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.BearerAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["cryptons.api.rendering.EnvelopeRenderer"],
    "DEFAULT_PARSER_CLASSES": ["cryptons.api.rendering.StrictJSONParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "cryptons.api.rendering.Negotiation",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "cryptons.api.schema.EndpointSchema",
    "EXCEPTION_HANDLER": "cryptons.api.handler.handle",
    "URL_FORMAT_OVERRIDE": None,
    "FORMAT_SUFFIX_KWARG": None,
}

SPECTACULAR_SETTINGS = openapi_for(SITE_NAME, SITE_URL)

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static", ("swagger-ui", SWAGGER_UI)]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
SERVE_MEDIA = env.flag("SERVE_MEDIA", default=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

SESSION_ENGINE = "cryptons.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
if env.flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0, high=10)
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# E-mail: by default on the console and as files under var/mail; EMAIL_URL names a server.
DEFAULT_FROM_EMAIL = env.mailbox("EMAIL_FROM", "Cryptons <shop@localhost>")
EMAIL_URL = env.url("EMAIL_URL", "embedded://", schemes=["embedded", "smtp", "smtps", "smtp+tls"])
globals().update(email_from(EMAIL_URL, VAR_DIR))

# The store
CURRENCY = env.currency("CURRENCY", "EUR")
ADMIN_EMAIL = env.text("ADMIN_EMAIL", "admin@example.com")
ADMIN_PASSWORD = env.secret("ADMIN_PASSWORD")
CONFIRM_EMAIL_DAYS = env.integer("CONFIRM_EMAIL_DAYS", 3, low=1, high=60)
PASSWORD_RESET_TIMEOUT = 3600 * env.integer("PASSWORD_RESET_HOURS", 4, low=1, high=72)
DEMO_CATALOGUE = env.flag("DEMO_CATALOGUE", default=not PRODUCTION)
PRODUCTS_PER_PAGE = 12
MAX_OPEN_ORDERS = env.integer("MAX_OPEN_ORDERS", 5, high=100_000)
CART_MOST_PIECES = 10_000
DELIVERY_TEXT = env.text(
    "DELIVERY_TEXT", "Sent within two working days of the payment's confirmation, with a tracking number by e-mail."
)
PRICE_IN_COIN = "payments.rates.reckoner"

# Search: inside the store, with the index under VAR_DIR, or on a server that all machines of a store share.
ELASTICSEARCH_URL = env.url("ELASTICSEARCH_URL", "", schemes=["http", "https"])
ELASTICSEARCH_INDEX = env.label("ELASTICSEARCH_INDEX", "cryptons")
ELASTICSEARCH_CA_FILE = env.text("ELASTICSEARCH_CA_FILE")
if ELASTICSEARCH_URL:
    INSTALLED_APPS.append("django_elasticsearch_dsl")
    ELASTICSEARCH_DSL = {"default": elasticsearch_from(ELASTICSEARCH_URL, ELASTICSEARCH_CA_FILE)}
    # What changed is noted with the change and applied by the worker: no signal may ask another machine in the middle of a transaction.
    ELASTICSEARCH_DSL_AUTOSYNC = False
    ELASTICSEARCH_DSL_SIGNAL_PROCESSOR = "django_elasticsearch_dsl.signals.BaseSignalProcessor"
SEARCH_ENGINE = "shop.search.elastic.from_settings" if ELASTICSEARCH_URL else "shop.search.embedded.from_settings"
SEARCH_SYNONYMS = Path(env.text("SEARCH_SYNONYMS", str(BASE_DIR / "shop" / "search" / "synonyms.txt")))
EXPLORER_TX_URL = env.url("EXPLORER_TX_URL", "", schemes=["http", "https"])
if EXPLORER_TX_URL and "{txid}" not in EXPLORER_TX_URL:
    raise env.SettingError("EXPLORER_TX_URL", "a URL with {txid} where the transaction id goes", EXPLORER_TX_URL)

# Payments
PAYMENT_LISTENER = "orders.payment_listener.on_payment_update"
CAN_BE_PAID = "payments.health.can_be_paid"
PAYMENT_METHODS = ["payments.methods.onchain.OnChainBitcoin"]
PAYMENT_EXPIRY = timedelta(minutes=env.integer("PAYMENT_EXPIRY", 15, low=1, high=1440))
PAYMENT_CONFIRMATIONS = env.tiers("PAYMENT_CONFIRMATIONS", "0:1,1000:3,10000:6")
PAYMENT_REORG_MARGIN = env.integer("PAYMENT_REORG_MARGIN", 10, low=10, high=1000)
PAYMENT_TOLERANCE_PERCENT = env.decimal("PAYMENT_TOLERANCE_PERCENT", "0", low="0", high="10")
RATE_SOURCE = env.choice("RATE_SOURCE", "kraken" if PRODUCTION else "fixed", ["fixed", "kraken"])
RATE_FIXED = env.decimal("RATE_FIXED", "0" if PRODUCTION else "60000")
if RATE_SOURCE == "fixed" and not RATE_FIXED:
    raise env.SettingError(
        "RATE_FIXED", "the price of one bitcoin, above 0, where RATE_SOURCE is fixed", str(RATE_FIXED)
    )
RATE_MAX_AGE = timedelta(seconds=env.integer("RATE_MAX_AGE", 600, low=10, high=86400))
RATE_URL = env.url("RATE_URL", "https://api.kraken.com/0/public/Ticker", schemes=["http", "https"])

# The sandbox (never with production settings)
SANDBOX = env.flag("SANDBOX", default=not PRODUCTION)
if PRODUCTION and SANDBOX:
    raise env.SettingError("SANDBOX", "0 with CRYPTONS_ENV=production", "1")
SANDBOX_HOST = env.text("SANDBOX_HOST", "127.0.0.1")
SANDBOX_PORT = env.integer("SANDBOX_PORT", 18443, low=1, high=65535)
SANDBOX_WALLET_PORT = env.integer("SANDBOX_WALLET_PORT", 18480, low=1, high=65535)
SANDBOX_BLOCK_SECONDS = env.integer("SANDBOX_BLOCK_SECONDS", 15, high=86400)

# The node
_NETWORKS = ["main", "test", "testnet4", "signet"] if PRODUCTION else ["main", "test", "testnet4", "signet", "regtest"]
BITCOIN_NETWORK = env.choice("BITCOIN_NETWORK", "main" if PRODUCTION else "regtest", _NETWORKS)
BITCOIN_RPC_URL = env.url(
    "BITCOIN_RPC_URL",
    "http://127.0.0.1:8332" if PRODUCTION else f"http://{SANDBOX_HOST}:{SANDBOX_PORT}",
    schemes=["http", "https"],
)
BITCOIN_RPC_USER = env.text("BITCOIN_RPC_USER", "" if PRODUCTION else "sandbox")
BITCOIN_RPC_PASSWORD = env.secret("BITCOIN_RPC_PASSWORD", "" if PRODUCTION else "sandbox")
BITCOIN_RPC_WALLET = env.text("BITCOIN_RPC_WALLET", "store")
BITCOIN_RPC_TIMEOUT = env.integer("BITCOIN_RPC_TIMEOUT", 10, low=1, high=300)
if PRODUCTION and not (BITCOIN_RPC_USER and BITCOIN_RPC_PASSWORD):
    raise env.SettingError("BITCOIN_RPC_USER and BITCOIN_RPC_PASSWORD", "what the node's rpcauth line was made for")
if PRODUCTION and "sandbox" in {BITCOIN_RPC_USER, BITCOIN_RPC_PASSWORD}:
    raise env.SettingError(
        "BITCOIN_RPC_PASSWORD", "your own node's; the sandbox is never trusted in production", "the sandbox's"
    )

# Background work. The embedded broker is a folder; no task carries state, so a lost message costs one beat.
BROKER_URL = env.url("BROKER_URL", "filesystem://", schemes=["filesystem", "redis", "rediss"])
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    {
        "data_folder_in": str(VAR_DIR / "queue" / "messages"),
        "data_folder_out": str(VAR_DIR / "queue" / "messages"),
        "control_folder": str(VAR_DIR / "queue" / "control"),
        "polling_interval": 0.1,
    }
    if BROKER_URL.startswith("filesystem")
    else {"visibility_timeout": 300}
)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "queue" / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "forget-idempotency-keys": {
        "task": "cryptons.api.tasks.forget_keys",
        "schedule": 3600.0,
        "options": {"expires": 600},
    },
    "forget-tries": {"task": "cryptons.api.tasks.forget_tries", "schedule": 3600.0, "options": {"expires": 600}},
    "tell-changes-again": {"task": "cryptons.tasks.tell_again", "schedule": 3.0, "options": {"expires": 3}},
    "watch-bitcoin": {"task": "payments.tasks.watch", "schedule": 2.0, "options": {"expires": 2}},
    "deliver-outbox": {"task": "orders.tasks.deliver_outbox", "schedule": 2.0, "options": {"expires": 2}},
    "deliver-webhooks": {"task": "orders.tasks.deliver_webhooks", "schedule": 2.0, "options": {"expires": 2}},
    "forget-webhooks": {
        "task": "orders.tasks.forget_webhooks",
        "schedule": crontab(hour="4", minute="20"),
        "options": {"expires": 3600},
    },
    "deliver-account-mail": {"task": "accounts.tasks.deliver_mail", "schedule": 2.0, "options": {"expires": 2}},
    "forget-account-mail": {
        "task": "accounts.tasks.forget_mail",
        "schedule": crontab(hour="4", minute="10"),
        "options": {"expires": 3600},
    },
    "forget-sessions": {
        "task": "accounts.tasks.forget_sessions",
        "schedule": crontab(hour="4", minute="10"),
        "options": {"expires": 3600},
    },
    "forget-devices": {"task": "accounts.tasks.forget_devices", "schedule": 86400.0, "options": {"expires": 3600}},
    "refresh-rates": {"task": "payments.tasks.refresh_rates", "schedule": 60.0, "options": {"expires": 60}},
    "tell-what-is-back": {"task": "shop.tasks.tell_what_is_back", "schedule": 30.0, "options": {"expires": 30}},
    "keep-search": {"task": "shop.tasks.keep_search", "schedule": 1.0, "options": {"expires": 1}},
    "mend-search": {"task": "shop.tasks.mend_search", "schedule": 30.0, "options": {"expires": 30}},
    "beat": {"task": "cryptons.tasks.beat", "schedule": 10.0, "options": {"expires": 10}},
    "add-up-sales": {"task": "orders.tasks.add_up_sales", "schedule": 15.0, "options": {"expires": 15}},
    "sweep-orders": {"task": "orders.tasks.sweep", "schedule": 15.0, "options": {"expires": 15}},
}

LOGGING_CONFIG = None
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"])
LOG_JSON = env.flag("LOG_JSON", default=PRODUCTION)
logging_for(LOG_LEVEL, as_json=LOG_JSON, quiet="pytest" in sys.modules)
