from queue import Empty
from threading import Thread

import pytest
from kombu import Connection

import cryptons.celery  # noqa: F401 (gives the transport its name)


@pytest.fixture
def channel(tmp_path):
    folder = str(tmp_path / "messages")
    (tmp_path / "messages").mkdir()
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": str(tmp_path / "control")}
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection.default_channel


def test_messages_come_in_the_order_they_were_put(channel):
    for number in range(12):
        channel._put("shop", {"number": number})
    assert [channel._get("shop")["number"] for _ in range(12)] == [*range(12)]
    with pytest.raises(Empty):
        channel._get("shop")


def test_queues_are_apart(channel):
    channel._put("shop", {"for": "shop"})
    with pytest.raises(Empty):
        channel._get("other")
    assert channel._get("shop") == {"for": "shop"}


def test_a_message_that_a_power_cut_damaged_is_passed_over(channel, tmp_path):
    (tmp_path / "messages" / "00000000000000000000_x.shop.msg").touch()
    channel._put("shop", {"whole": True})
    assert channel._get("shop") == {"whole": True}


def test_each_message_goes_to_one_reader_while_others_write(channel):
    got, done = [], []

    def read():
        while not done or len(got) < 400:
            try:
                got.append(channel._get("shop")["number"])
            except Empty:
                if done and done[0] <= len(got):
                    return

    readers = [Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(400):
        channel._put("shop", {"number": number})
    done.append(400)
    for reader in readers:
        reader.join(timeout=30)
    assert sorted(got) == [*range(400)]


def test_a_queue_is_bound_once(channel):
    for _ in range(2):
        channel._queue_bind("shop", "key", "", "shop")
    assert channel.get_table("shop") == [("key", "", "shop")]
