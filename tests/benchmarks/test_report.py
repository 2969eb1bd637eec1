"""What the benchmarks print is what was measured, and a missed target says so."""

import pytest

from benchmarks.load import Load, _parsed
from benchmarks.report import Row, percentile, table


def test_a_missed_target_is_called_missed():
    printed = table(
        [Row("tick", "70 ms", "50 ms", False), Row("other", "1 ms", "50 ms", True), Row("bare", "9")], "here"
    )
    lines = printed.splitlines()
    assert lines[1] == "here"
    assert lines[5].split() == ["tick", "70", "ms", "50", "ms", "MISSED"]
    assert lines[6].split() == ["other", "1", "ms", "50", "ms", "met"]
    assert lines[7].split() == ["bare", "9"]


@pytest.mark.parametrize(("share", "expected"), [(0.5, 51), (0.95, 96), (1, 100), (0, 1)])
def test_a_percentile_is_one_of_the_values(share, expected):
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_a_percentile_of_one_value_is_that_value():
    assert percentile([7.5], 0.95) == 7.5


def test_the_line_of_a_load_generator_is_read():
    output = "Running 4s test\n  12 requests\nresult 1234.5 12.30 45.60 78.90 3 4938\n"
    assert _parsed(output, "wrk") == Load(1234.5, 12.3, 45.6, 78.9, 3, "wrk", 4938)


def test_failed_answers_and_the_slower_generator_are_told():
    told = str(Load(1234.5, 12.3, 45.6, 78.9, 3, "own generator", 4938, 0.341))
    assert told == "1,234 requests/s, p50 12, p95 46, p99 79 ms, 0.34 ms CPU, 3 FAILED (own generator)"
