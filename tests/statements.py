"""What is sent to the database, looked at from outside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def values_in_statements() -> Iterator[list[int]]:
    """Yield how many values each statement takes that is sent meanwhile. PostgreSQL takes no more than 65,535 in one."""
    counts: list[int] = []

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        counts.append(len(params or ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        yield counts


@contextmanager
def once_after(part: str, act: Callable[[], object]) -> Iterator[None]:
    """Let `act` happen right after the first statement that has `part` in it, as if somebody else did it just then."""
    waiting = [act]

    def watched(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if part in sql and waiting:
            waiting.pop()()
        return result

    with connection.execute_wrapper(watched):
        yield
    assert not waiting, f"nothing asked for {part}"
