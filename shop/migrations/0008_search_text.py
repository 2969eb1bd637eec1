"""The text in which the database finds parts of words, and the indexes of lists that are read without the rows."""

from typing import Any

from django.db import migrations, models

from shop.search.spelling import write_anew
from shop.search.text import text_of
from shop.search.words import joined


def spell(apps: Any, schema_editor: Any) -> None:
    """Write the text of each row that is there already, in batches."""
    write_anew(
        apps.get_model("shop", "Product").objects.all(),
        ("name", "sku"),
        lambda row: text_of(row.name, joined(row.sku)),
    )


class Migration(migrations.Migration):
    dependencies = [("shop", "0007_more_indexes_for_long_lists")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="search_text",
            field=models.CharField(default="", editable=False, max_length=400),
        ),
        # Before there is an index of the texts, which would be written once more with each of them.
        migrations.RunPython(spell, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="product", name="product_by_name"),
        migrations.RemoveIndex(model_name="product", name="product_category_price"),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["is_visible", "search_text", "id"], name="product_by_name"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                fields=["category", "is_visible", "price", "rating", "stock"], name="product_by_category"
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                fields=[
                    "is_visible",
                    "search_text",
                    "category",
                    "price",
                    "rating",
                    "rating_count",
                    "stock",
                    "created_at",
                    "id",
                ],
                name="product_words",
            ),
        ),
    ]
