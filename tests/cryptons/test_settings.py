"""The settings as a whole: read from a bare environment, refused by name, closed down in production."""

import os
import re
import runpy
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from cryptons import env

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "CRYPTONS_ENV": "production",
    "SECRET_KEY": "kX2vN8qLw5RzT7yB1cJd4FgH6mPs9Ua3eYiO0xWlKjVtSrQzAbCdEf",
    "ALLOWED_HOSTS": "shop.example",
    "SITE_URL": "https://shop.example",
    "BITCOIN_RPC_USER": "store",
    "BITCOIN_RPC_PASSWORD": "9dRkT2mXw7",
}


def bare(extra):
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **extra}


@pytest.fixture
def settings_with(monkeypatch, tmp_path):
    def load(**values):
        for name in [*os.environ]:
            if name not in {"PATH", "HOME", "PYTEST_CURRENT_TEST"}:
                monkeypatch.delenv(name)
        for name, value in {"VAR_DIR": str(tmp_path), **values}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "cryptons" / "settings.py"))

    monkeypatch.setattr(env, "load_env_file", lambda path: None)
    monkeypatch.setattr(env, "READ", {})
    return load


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CRYPTONS_ENV", "prod"),
        ("DEBUG", "perhaps"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("WEB_WORKERS", "none"),
        ("SITE_URL", "shop.example"),
        ("DATABASE_URL", "mysql://x/y"),
        ("CACHE_URL", "memcached://x"),
        ("BROKER_URL", "amqp://x"),
        ("EMAIL_URL", "smtp://"),
        ("JWT_KEY", "SECRET_KEY"),
        ("JWT_PREVIOUS_KEY", "x" * 31),
        ("EMAIL_FROM", "the shop"),
        ("ELASTICSEARCH_URL", "search:9200"),
        ("ELASTICSEARCH_INDEX", "My Shop"),
        ("CURRENCY", "BTC"),
        ("TIME_ZONE", "Atlantis"),
        ("CSRF_TRUSTED_ORIGINS", "shop.example"),
        ("CORS_ORIGINS", "app.example"),
        ("CORS_ORIGINS", "https://app.example/"),
        ("CORS_ORIGINS", "https://app.example/path"),
        ("CORS_ORIGINS", "https://*.example"),
        ("CORS_ORIGINS", "https://me@app.example"),
        ("CORS_ORIGINS", "https://app.example,*"),
        ("CORS_ORIGINS", "null"),
        ("EXPLORER_TX_URL", "https://explorer.example/tx/"),
        ("PAYMENT_EXPIRY", "0"),
        ("PAYMENT_CONFIRMATIONS", "0:3,1000:1"),
        ("PAYMENT_TOLERANCE_PERCENT", "11"),
        ("RATE_SOURCE", "guess"),
        ("RATE_FIXED", "0"),
        ("RATELIMIT_AUTH", "often"),
        ("BITCOIN_NETWORK", "bitcoin"),
        ("BITCOIN_RPC_URL", "127.0.0.1:8332"),
        ("SANDBOX", "2"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_refused_by_name(settings_with, name, value):
    with pytest.raises(env.SettingError, match=f"^{name}.*allowed is"):
        settings_with(**{name: value})


def test_the_former_key_of_tokens_may_be_the_one_made_from_the_secret_key(settings_with):
    assert settings_with(JWT_KEY="x" * 32, JWT_PREVIOUS_KEY="SECRET_KEY")["JWT_PREVIOUS_KEY"] == "SECRET_KEY"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"DEBUG": "1"}, "DEBUG"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": "development-only-key-that-no-production-start-accepts"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"SANDBOX": "1"}, "SANDBOX"),
        ({"BITCOIN_NETWORK": "regtest"}, "BITCOIN_NETWORK"),
        ({"BITCOIN_RPC_USER": "sandbox"}, "BITCOIN_RPC_PASSWORD"),
        ({"BITCOIN_RPC_PASSWORD": "sandbox"}, "BITCOIN_RPC_PASSWORD"),
        ({"BITCOIN_RPC_PASSWORD": ""}, "BITCOIN_RPC_USER and BITCOIN_RPC_PASSWORD"),
        ({"RATE_SOURCE": "fixed"}, "RATE_FIXED"),
        ({"WEBHOOK_SECRETS": f"{'long-enough-' * 3},short"}, "WEBHOOK_SECRETS"),
    ],
)
def test_production_refuses_what_only_a_play_store_may_have(settings_with, change, name):
    with pytest.raises(env.SettingError, match=f"^{name}:"):
        settings_with(**PRODUCTION | change)


def test_production_closes_everything_down(settings_with):
    settings = settings_with(**PRODUCTION)
    assert settings["DEBUG"] is False
    assert settings["SANDBOX"] is False
    assert settings["DEMO_CATALOGUE"] is False
    assert settings["BITCOIN_NETWORK"] == "main"
    assert settings["RATE_SOURCE"] == "kraken"
    assert (
        settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is settings["SECURE_SSL_REDIRECT"] is True
    )


def test_a_bare_environment_is_a_working_play_store(settings_with, tmp_path):
    settings = settings_with()
    assert settings["SANDBOX"] is True
    assert settings["SITE_URL"] == "http://127.0.0.1:8000"
    assert settings["BITCOIN_RPC_URL"] == "http://127.0.0.1:18443"
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "cryptons.sqlite3")


def test_the_node_is_looked_for_where_the_sandbox_listens(settings_with):
    assert settings_with(SANDBOX_PORT="19001")["BITCOIN_RPC_URL"] == "http://127.0.0.1:19001"


def test_one_request_at_a_time_in_a_process_on_sqlite_and_four_elsewhere(settings_with):
    assert settings_with()["WEB_THREADS"] == 1
    assert settings_with(DATABASE_URL="postgres://store@database/store")["WEB_THREADS"] == 4


def test_postgresql_prepares_what_comes_often_unless_a_pooler_stands_before_it(settings_with):
    url = "postgres://u:p@h:5432/n"
    database = settings_with(DATABASE_URL=url)["DATABASES"]["default"]
    assert database["OPTIONS"] == {"server_side_binding": True, "prepare_threshold": 5}
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is False
    url = f"{url}?server_side_binding=false&sslmode=require"
    database = settings_with(DATABASE_URL=url)["DATABASES"]["default"]
    assert database["OPTIONS"] == {"server_side_binding": "false", "sslmode": "require"}
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_a_store_that_listens_everywhere_is_linked_to_by_a_name_that_opens(settings_with):
    settings = settings_with(HOST="0.0.0.0", PORT="8123")
    assert settings["SITE_URL"] == "http://localhost:8123"
    assert settings["ALLOWED_HOSTS"] == ["*"]


def test_secrets_come_from_files(settings_with, tmp_path):
    key = tmp_path / "key"
    key.write_text(PRODUCTION["SECRET_KEY"] + "\n", encoding="utf-8")
    values = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    assert settings_with(**values, SECRET_KEY_FILE=str(key))["SECRET_KEY"] == PRODUCTION["SECRET_KEY"]


def test_several_webhook_secrets_stand_beside_each_other(settings_with, tmp_path):
    assert settings_with()["WEBHOOK_SECRETS"] == []
    assert settings_with(WEBHOOK_SECRETS=" one , two words ,")["WEBHOOK_SECRETS"] == ["one", "two words"]
    lines = tmp_path / "secrets"
    lines.write_text("one\ntwo,three\n", encoding="utf-8")
    assert settings_with(WEBHOOK_SECRETS_FILE=str(lines))["WEBHOOK_SECRETS"] == ["one", "two", "three"]


def test_an_elasticsearch_is_used_where_it_is_named_and_not_loaded_else(settings_with):
    assert "django_elasticsearch_dsl" not in settings_with()["INSTALLED_APPS"]
    settings = settings_with(ELASTICSEARCH_URL="https://search.example")
    assert settings["SEARCH_ENGINE"] == "shop.search.elastic.from_settings"
    assert settings["ELASTICSEARCH_DSL"]["default"]["hosts"] == ["https://search.example:443"]


def test_the_example_names_every_setting_with_its_default(settings_with):
    settings_with(VAR_DIR=str(ROOT / "var"))
    read = {name: value.replace(f"{ROOT}/", "") for name, value in env.READ.items() if not _is_file_of_secret(name)}
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = dict(re.findall(r"^#([A-Z_]+)=(.*)$", example, flags=re.MULTILINE))
    assert named == read


def test_the_example_explains_each_setting_on_the_line_above():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    unexplained = [
        line for above, line in pairwise(lines) if re.match("#[A-Z_]+=", line) and not above.startswith("# ")
    ]
    assert unexplained == []


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-m", "celery", "-A", "cryptons.celery", "report"],
        ["-c", "import cryptons.wsgi"],
    ],
)
def test_every_process_ends_with_one_line_where_a_setting_is_wrong(command):
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=bare({"CURRENCY": "XXX"}), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert (
        done.stderr
        == "cryptons: CURRENCY: got 'XXX'; allowed is the ISO 4217 code of a currency, such as EUR or USD.\n"
    )


def test_the_deployment_check_is_clean_with_production_settings(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=bare(PRODUCTION | {"VAR_DIR": str(tmp_path)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def _is_file_of_secret(name):
    return name.endswith("_FILE") and name.removesuffix("_FILE") in env.READ


def test_other_origins_are_let_in_by_name_only(settings_with):
    cors = "corsheaders.middleware.CorsMiddleware"
    assert cors not in settings_with()["MIDDLEWARE"]
    opened = settings_with(CORS_ORIGINS="https://App.example, capacitor://localhost,http://localhost:3000")
    assert opened["CORS_ALLOWED_ORIGINS"] == ["https://app.example", "capacitor://localhost", "http://localhost:3000"]
    before = opened["MIDDLEWARE"].index
    assert before("cryptons.pagecache.PageCacheMiddleware") < before(cors)  # it knows nobody who names an origin
    assert before(cors) < before("cryptons.api.middleware.ApiMiddleware")
    assert opened["CORS_ALLOW_CREDENTIALS"] is opened["CORS_ALLOW_ALL_ORIGINS"] is False
    assert settings_with(CORS_ORIGINS="*")["CORS_ALLOW_ALL_ORIGINS"] is True
