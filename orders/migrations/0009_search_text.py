"""The text in which the database finds parts of words, and the index of orders that hold stock, which comes without the rows."""

from typing import Any

from django.db import migrations, models

from shop.search.spelling import write_anew
from shop.search.text import text_of


def spell(apps: Any, schema_editor: Any) -> None:
    """Write the text of each row that is there already, in batches."""
    write_anew(
        apps.get_model("orders", "Order").objects.all(),
        ("full_name", "email"),
        lambda row: text_of(row.full_name, row.email),
    )


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_endpoints_may_go")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="search_text",
            field=models.CharField(default="", editable=False, max_length=400),
        ),
        # Before there is an index of the texts, which would be written once more with each of them.
        migrations.RunPython(spell, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="order", name="order_stock_held"),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["stock_held", "status", "id"], name="order_holding_stock"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["search_text", "created_at", "id"], name="order_by_words"),
        ),
    ]
