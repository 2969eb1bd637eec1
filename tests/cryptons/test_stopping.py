"""How the store's processes stop: in their own time, within bounds, and saying what they wait for."""

from threading import Event
from unittest.mock import Mock

import pytest
from celery.worker import state
from honcho.manager import Manager
from kombu import Connection
from kombu.transport.filesystem import Transport as FilesystemTransport
from structlog.testing import capture_logs

import cryptons.celery  # noqa: F401 (gives the transport its name)
from cryptons import stopping
from cryptons.launcher import crew


@pytest.fixture
def told(monkeypatch):
    """What says whether this process is to stop, for one test."""
    monkeypatch.setattr(stopping, "_told", Event())
    monkeypatch.setattr(stopping, "SAY_AFTER", 3600)


def test_a_worker_knows_that_it_is_to_stop(told):
    assert not stopping.is_stopping()
    stopping.stop()
    assert stopping.is_stopping()


def test_a_worker_says_which_tasks_it_waits_for(monkeypatch):
    class Request:
        name = "payments.tasks.watch"

    class Twice:
        def __init__(self):
            self.left = 2

        def wait(self, seconds):
            self.left -= 1
            return self.left < 0

    monkeypatch.setattr(state, "active_requests", {Request()})
    monkeypatch.setattr(stopping, "Event", Twice)
    with capture_logs() as logs:
        stopping._say_what_holds()
    assert [(one["seconds"], one["waits_for"]) for one in logs] == [
        (3, ["payments.tasks.watch"]),
        (6, ["payments.tasks.watch"]),
    ]


def test_a_worker_with_nothing_to_do_hears_within_half_a_second_that_it_is_to_stop(tmp_path, monkeypatch):
    waits = []
    monkeypatch.setattr(FilesystemTransport, "drain_events", lambda self, connection, timeout: waits.append(timeout))
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "control_folder": str(tmp_path)}
    with Connection("filesystem://", transport_options=options) as connection:
        for timeout in (2.0, None, 0.1):
            connection.drain_events(timeout=timeout)
    assert waits == [0.5, 0.5, 0.1]


def test_who_takes_long_to_stop_is_ended_only_when_patience_is_over(monkeypatch):
    now, ended = [1000.0], Mock()
    monkeypatch.setattr(crew.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(Manager, "kill", ended)
    several = crew.Crew(lambda: None)
    several.terminate()
    now[0] += crew.PATIENCE - 1
    several.kill()
    ended.assert_not_called()
    now[0] += 1
    several.kill()
    ended.assert_called_once_with()
