import socket
from pathlib import Path

import pytest

from cryptons.launcher import LaunchError
from cryptons.launcher.preflight import free_port, only_start, usable_folder


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_its_setting(taken):
    with pytest.raises(LaunchError, match=f"^PORT: {taken} on 127.0.0.1 is taken"):
        free_port("127.0.0.1", taken, "PORT")


def test_the_sandboxs_port_has_a_setting_of_its_own(taken):
    with pytest.raises(LaunchError, match=f"SANDBOX_PORT={taken + 1}"):
        free_port("127.0.0.1", taken, "SANDBOX_PORT")


def test_a_free_port_stays_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    free_port("127.0.0.1", port, "PORT")
    with socket.create_server(("127.0.0.1", port)):
        pass


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
def test_an_address_of_another_machine_is_refused(host):
    with pytest.raises(LaunchError, match="^HOST: this machine cannot listen on"):
        free_port(host, 8000, "PORT")


def test_a_folder_is_made_where_it_can_be(tmp_path):
    usable_folder(tmp_path / "deep" / "var")
    assert (tmp_path / "deep" / "var").is_dir()


def test_a_folder_that_cannot_be_is_named_with_its_setting(tmp_path):
    (tmp_path / "var").write_text("a file", encoding="utf-8")
    with pytest.raises(LaunchError, match=f"^VAR_DIR: {tmp_path}/var cannot be written to"):
        usable_folder(tmp_path / "var")


def test_the_kernels_own_folder_is_read_only():
    with pytest.raises(LaunchError, match="^VAR_DIR: /proc/cryptons"):
        usable_folder(Path("/proc/cryptons"))


def test_two_stores_never_share_a_folder(tmp_path):
    with only_start(tmp_path), pytest.raises(LaunchError, match="already runs"):
        only_start(tmp_path)


def test_the_folder_is_free_again_after_a_stop(tmp_path):
    only_start(tmp_path).close()
    only_start(tmp_path).close()
