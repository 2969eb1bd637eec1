"""Reads the recorded answers of a real node (tests/contracts/bitcoind)."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from sandbox.tx import Outpoint, Tx

FOLDER = Path(__file__).resolve().parent.parent / "contracts" / "bitcoind"


class Record(NamedTuple):
    """One line: a call with its answer, or a note."""

    step: str
    data: dict[str, Any]

    @property
    def method(self) -> str | None:
        return self.data.get("method")

    @property
    def from_payer(self) -> bool:
        return self.data.get("node") == "P"

    @property
    def params(self) -> Any:
        return self.data.get("params")

    @property
    def result(self) -> Any:
        return self.data["response"]["result"]

    @property
    def error(self) -> Any:
        return self.data["response"]["error"]

    @property
    def readable(self) -> bool:
        """Whether the answer was kept whole and is JSON."""
        return isinstance(self.data.get("response"), dict)


def read(name: str) -> list[Record]:
    """All lines of a recording, each with the step it belongs to."""
    records = []
    step = ""
    for line in (FOLDER / f"{name}.jsonl").read_text().splitlines():
        data = json.loads(line, parse_float=Decimal)
        if "step" in data:
            step = data["step"]
        else:
            records.append(Record(step, data))
    return records


def transactions(record: Record) -> Iterator[Tx]:
    """The raw transactions a line holds: those the payer sent, and those in hex in an answer."""
    if record.method == "sendrawtransaction":
        yield Tx.parse(bytes.fromhex(record.params[0]))
    elif record.method == "generateblock":
        yield from (Tx.parse(bytes.fromhex(one)) for one in record.params[1] if len(one) > 64)
    elif record.method == "gettransaction" and record.readable and record.result:
        yield Tx.parse(bytes.fromhex(record.result["hex"]))


def coin_values() -> dict[Outpoint, int]:
    """Satoshi of every output that any recording shows."""
    values = {}
    for path in FOLDER.glob("*.jsonl"):
        for record in read(path.stem):
            for tx in transactions(record):
                values |= {(tx.txid, index): output.value for index, output in enumerate(tx.outputs)}
    return values
