"""User names are compared without regard to case, and a count signs a user out everywhere."""

from django.db import migrations, models

import accounts.models


def fold_names(apps, schema_editor):
    # Nothing made two names of one before; where there are two, the one made later gets a name that tells them apart.
    taken = set()
    for user in apps.get_model("accounts", "User").objects.order_by("created_at", "pk").iterator():
        folded = accounts.models.folded_username(user.username)
        if folded in taken:
            user.username = f"{user.username[:140]}-{user.pk.hex[-8:]}"
            folded = accounts.models.folded_username(user.username)
        taken.add(folded)
        user.username_folded = folded
        user.save(update_fields=["username", "username_folded"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_back_in_stock_mail")]

    operations = [
        migrations.AddField("user", "sign_outs", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField(
            "user", "username_folded", accounts.models.FoldedUsername(default="", editable=False, max_length=150)
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.AlterField(
            "user", "username_folded", accounts.models.FoldedUsername(editable=False, max_length=150, unique=True)
        ),
    ]
