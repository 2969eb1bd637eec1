"""The board of marks, in a file that processes share and in Redis."""

import os
import secrets
import subprocess
import sys

import pytest
from redis import Redis
from redis.exceptions import RedisError

from cryptons.freshness.board import BEGUN, MARK, SIZE, FileBoard, RedisBoard
from tests.nodes import free_port
from tests.redis_server import redis_server

RENEW = """
import sys
from pathlib import Path
from cryptons.freshness.board import FileBoard
board = FileBoard(Path(sys.argv[1]))
board.read()
print("ready", flush=True)
for line in sys.stdin:
    board.renew([int(line)])
    print("done", flush=True)
"""


@pytest.fixture
def board(tmp_path):
    return FileBoard(tmp_path / "marks")


def test_a_new_board_is_no_other_board(board, tmp_path):
    other = FileBoard(tmp_path / "other")
    assert len(board.read()) == len(other.read()) == SIZE
    assert board.read()[BEGUN : BEGUN + MARK] != other.read()[BEGUN : BEGUN + MARK]


def test_a_mark_is_replaced_and_no_other_one(board):
    before = board.read()
    board.renew([80])
    after = board.read()
    assert after[80:88] != before[80:88]
    assert after[:80] + after[88:] == before[:80] + before[88:]


def test_it_stays_over_a_restart(board, tmp_path):
    board.renew([80, 160])
    assert FileBoard(tmp_path / "marks").read() == board.read()


def test_what_one_process_writes_the_other_reads_at_once(board, tmp_path):
    before = board.read()
    command = [sys.executable, "-c", RENEW, str(tmp_path / "marks")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as other:
        assert other.stdout.readline() == "ready\n"
        for place in (800, 8, SIZE - MARK):
            other.stdin.write(f"{place}\n")
            assert other.stdout.readline() == "done\n"
            now = board.read()
            assert now[place : place + MARK] != before[place : place + MARK]
            before = now
        other.stdin.close()
    assert other.returncode == 0


def test_a_change_is_known_as_told_until_another_takes_its_place(board, tmp_path):
    marks, mine, beside = board.read(), bytes(range(8)), bytes(8 - 1) + b"\x01"
    same_place = mine[:-4] + bytes([mine[4] ^ 0x40, *mine[5:]])
    assert board.told([mine, beside]) == set()
    board.note_told(mine)
    assert FileBoard(tmp_path / "marks").told([mine, beside]) == {mine}
    board.note_told(same_place)
    assert board.told([mine, same_place]) == {same_place}
    assert board.read() == marks


def test_a_board_of_before_there_was_a_second_sheet_is_made_longer(board, tmp_path):
    board.renew([80])
    marks = board.read()
    os.truncate(tmp_path / "marks", SIZE)
    longer = FileBoard(tmp_path / "marks")
    longer.note_told(b"12345678")
    assert longer.told([b"12345678"]) == {b"12345678"}
    assert longer.read() == marks


@pytest.mark.redis
def test_in_redis_what_one_machine_has_told_the_other_knows(redis_url):
    change = secrets.token_bytes(8)
    assert RedisBoard(redis_url).told([change]) == set()
    RedisBoard(redis_url).note_told(change)
    assert RedisBoard(redis_url).told([change, b"12345678"]) == {change}


def test_while_redis_is_away_nothing_is_known():
    board = RedisBoard("redis://127.0.0.1:1/0")
    assert board.read() == b""
    assert board.read() == b""


@pytest.mark.redis
def test_in_redis_what_one_machine_writes_the_other_reads_at_once(redis_url):
    one, other = RedisBoard(redis_url), RedisBoard(redis_url)
    before = other.read()
    assert len(before) == SIZE
    assert any(before[BEGUN : BEGUN + MARK])
    one.renew([80, SIZE - MARK])
    after = other.read()
    assert after[80:88] != before[80:88]
    assert after[-MARK:] != before[-MARK:]
    assert after[:80] + after[88:-MARK] == before[:80] + before[88:-MARK]


@pytest.mark.redis
def test_a_redis_that_was_emptied_is_another_board(redis_url):
    board = RedisBoard(redis_url)
    before = board.read()
    Redis.from_url(redis_url).delete(board.KEY)
    after = board.read()
    assert after[BEGUN : BEGUN + MARK] != before[BEGUN : BEGUN + MARK]
    Redis.from_url(redis_url).delete(board.KEY)
    board.renew([80])
    assert board.read()[BEGUN : BEGUN + MARK] not in {before[:MARK], after[:MARK], bytes(MARK)}


@pytest.mark.redis
def test_a_redis_that_goes_and_comes_back_is_used_again(tmp_path):
    port = free_port()
    with redis_server(tmp_path, port) as url:
        board = RedisBoard(url)
        before = board.read()
        assert before
    assert board.read() == b""
    with pytest.raises(RedisError):
        board.renew([80])
    with redis_server(tmp_path, port):
        assert board.read() == b"", "it is not asked at each request while it is away"
        board._away_until -= RedisBoard.PAUSE
        assert board.read()[:MARK] not in {b"", before[:MARK]}
