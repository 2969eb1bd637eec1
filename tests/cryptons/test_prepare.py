import pytest
from django.db import OperationalError

from cryptons.launcher import LaunchError, commands, greeting, prepare


@pytest.fixture
def called(monkeypatch):
    calls = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: calls.append(name))
    return calls


def test_the_demo_catalogue_is_loaded_on_the_first_start_only(called, tmp_path):
    for _ in range(2):
        prepare.load_demo_once(tmp_path / "marker", lambda text: None)
    assert called == ["load_demo", "load_demo_reviews"]


def test_a_load_that_broke_off_is_taken_up_again(called, monkeypatch, tmp_path):
    def break_off(name, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(prepare, "call_command", break_off)
        with pytest.raises(KeyboardInterrupt):
            prepare.load_demo_once(tmp_path / "marker", lambda text: None)
    prepare.load_demo_once(tmp_path / "marker", lambda text: None)
    assert called == ["load_demo", "load_demo_reviews"]


def test_messages_of_the_last_run_are_dropped(tmp_path):
    (tmp_path / "queue").mkdir()
    (tmp_path / "queue" / "old.msg").touch()
    prepare.drop_stale_messages(tmp_path / "queue")
    assert not (tmp_path / "queue").exists()


def test_a_database_that_does_not_answer_is_one_line(monkeypatch, settings, tmp_path):
    def unreachable(name, **options):
        raise OperationalError("connection refused\nIs the server running?")

    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(prepare, "call_command", unreachable)
    with pytest.raises(LaunchError, match=r"^DATABASE_URL: .*\(connection refused\)\.$"):
        prepare.prepare(lambda text: None)


def test_the_sandbox_runs_only_where_it_is_wanted(settings):
    settings.SANDBOX = False
    assert set(commands.all_commands()) == {"web", "worker"}
    assert "Play wallet" not in greeting.greeting()
    settings.SANDBOX = True
    assert set(commands.all_commands()) == {"web", "worker", "sandbox"}
    assert f"http://127.0.0.1:{settings.SANDBOX_WALLET_PORT}/" in greeting.greeting()
