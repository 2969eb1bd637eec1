"""JSON text put into one form, so that two sides sign the same bytes: compact, keys sorted on every level, numbers as they were spelled.

A number is never read and written again: `0.00100` and `1e-3` are one amount and two texts, and the sender signed one of the two.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


class DuplicateKey(ValueError):
    """An object has the same key twice, so it does not say one thing."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A value as text: `plain` with every character as itself, `sent` with the sender's own way of escaping texts."""

    plain: str
    sent: str

    def forms(self) -> list[bytes]:
        """Return both as UTF-8, one where they are the same."""
        return list(dict.fromkeys(form.encode() for form in (self.plain, self.sent)))


def members_of(raw: bytes) -> dict[str, Spelling]:
    """Return the members of the JSON object `raw`, each in canonical form; {} for JSON that is no object.

    `raw` has to be valid JSON of a depth that was looked at before (`cryptons.api.wire.loads`). Raises DuplicateKey.
    """
    pieces = iter(_PIECE.findall(raw.decode()))
    found = _members(pieces) if next(pieces) == "{" else {}
    return {key: value for key, (_, value) in found.items()}


def spelled(members: Mapping[str, Spelling]) -> Spelling:
    """Return the canonical form of the object with these members."""
    return _joined({key: (_plain(key), value) for key, value in members.items()})


def _value(piece: str, rest: Iterator[str]) -> Spelling:
    if piece == "{":
        return _joined(_members(rest))
    if piece == "[":
        return _list(rest)
    # Without a backslash there is nothing that could be spelled otherwise.
    return Spelling(_plain(json.loads(piece)) if "\\" in piece else piece, piece)


def _members(rest: Iterator[str]) -> dict[str, tuple[str, Spelling]]:
    """Read an object to its end; return each key with how it was sent and its value."""
    members: dict[str, tuple[str, Spelling]] = {}
    for piece in rest:
        if piece == "}":
            break
        if piece == ",":
            continue
        key = json.loads(piece)
        if key in members:
            raise DuplicateKey(key)
        next(rest)  # the colon
        members[key] = piece, _value(next(rest), rest)
    return members


def _list(rest: Iterator[str]) -> Spelling:
    entries: list[Spelling] = []
    for piece in rest:
        if piece == "]":
            break
        if piece != ",":
            entries.append(_value(piece, rest))
    plain, sent = ",".join(one.plain for one in entries), ",".join(one.sent for one in entries)
    return Spelling(f"[{plain}]", f"[{sent}]")


def _joined(members: Mapping[str, tuple[str, Spelling]]) -> Spelling:
    ordered = sorted(members.items(), key=lambda member: member[0])
    plain = ",".join(f"{_plain(key)}:{value.plain}" for key, (_, value) in ordered)
    sent = ",".join(f"{spelling}:{value.sent}" for _, (spelling, value) in ordered)
    return Spelling(f"{{{plain}}}", f"{{{sent}}}")


def _plain(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
