"""The commands of docs/api.md, each as it stands there, one after the other, against a running store."""

import json
import re
import subprocess

import httpx
import pytest

from tests.system.store import ROOT, until

DOCUMENT = ROOT / "docs" / "api.md"
SECRET = "a-secret-that-only-this-test-knows"
PASSWORD = "none of the examples has it"
SHELF = """
from decimal import Decimal
from accounts.models import User
from shop.models import Category, Product
kitchen = Category.objects.get(slug="kitchen")
Product.objects.create(category=kitchen, name="Gooseneck kettle", slug="gooseneck", sku="G-1", price=Decimal(60), stock=5)
owner = User.objects.get(email="admin@example.com")
owner.set_password("{password}")
owner.save()
"""


def commands():
    """Return the shell script that the document's blocks make together."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE))


@pytest.fixture
def shop(store):
    store.stop()
    store.environment |= {"WEBHOOK_SECRETS": SECRET}
    done = store.manage("shell", "-c", SHELF.format(password=PASSWORD))
    assert done.returncode == 0, done.stderr
    store.start()
    # The worker puts into the index what was added, a moment after it is up.
    waiting = "SELECT count(*) FROM shop_searchchange WHERE applied_at IS NULL"
    until(lambda: store.rows(waiting) == [(0,)], what="the index has caught up")
    return store


def test_every_command_of_the_document_does_what_it_says(shop, tmp_path):
    # A refusal ends the script: curl's own settings say so, and the document need not.
    (tmp_path / ".curlrc").write_text("fail-with-body\nmax-time = 30\nshow-error\nwrite-out = \\n\n", encoding="utf-8")
    environment = {
        **shop.environment,
        "CURL_HOME": str(tmp_path),
        "S": f"{shop.url}/api",
        "NODE": f"http://sandbox:sandbox@127.0.0.1:{shop.rpc_port}",
        "ADMIN": PASSWORD,
        "SECRET": SECRET,
    }
    script = f"set -eu\n{commands()}"
    done = subprocess.run(
        ["sh", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=180
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert "Traceback" not in done.stderr, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [answer for answer in said if answer["success"] is not True] == []
    assert len(said) >= script.count("curl -s") - script.count("value ") - 1
    assert '"status":"settled"' in done.stdout
    assert shop.rows("SELECT status, tracking_number FROM orders_order") == [("shipped", "RR123456785PT")]
    assert shop.rows("SELECT status FROM reviews_review") == [("approved",)]
    assert shop.rows("SELECT price FROM shop_product WHERE slug = 'copper-kettle'") == [(39.9,)]


def test_the_id_of_a_request_stands_in_its_answer_and_in_the_log(store):
    answer = httpx.get(f"{store.url}/api/nothing", headers={"X-Request-ID": "looking.for_17-a"})
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (404, "looking.for_17-a")
    until(lambda: "request_id=looking.for_17-a" in store.said, what="the line is written")
