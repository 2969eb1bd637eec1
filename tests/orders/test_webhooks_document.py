"""docs/webhooks.md: its code runs, and its table is whole."""

import re
import time
from pathlib import Path

from cryptons.signatures import header_for
from orders.webhooks.events import TEST, WebhookEvent

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_the_example_tells_our_messages_from_others():
    room = {}
    exec(re.search(r"```python\n(.+?)```", DOCUMENT, re.DOTALL)[1], room)
    check = room["is_from_the_store"]
    now = int(time.time())
    good = header_for(b'{"a":1}', secrets=["new", "old"], at=now)
    assert check(good, b'{"a":1}', "new")
    assert check(good, b'{"a":1}', "old")
    assert not check(good, b'{"a":1}', "another")
    assert not check(good, b'{"a": 1}', "new")
    assert not check(header_for(b"{}", secrets=["new"], at=now - 400), b"{}", "new")
    assert not any(check(header, b"{}", "new") for header in ("", "t=", "t=x,v1=y", "v1=0", f"t={now},v1=é"))


def test_the_table_names_each_event_with_its_meaning():
    rows = dict(re.findall(r"^\| `([a-z.]+)` \| (.+) \|$", DOCUMENT, re.MULTILINE))
    assert rows.pop(TEST)
    assert rows == {event.value: event.label for event in WebhookEvent}
