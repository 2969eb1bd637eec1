"""The four groups of the staff, with the permissions they begin with."""

from django.db import migrations

PERMISSIONS = {
    "products_write": "may add and change products and categories",
    "orders_write": "may see every order and move it on",
    "orders_refund": "may pay money back",
    "reviews_moderate": "may approve and delete reviews",
    "users_write": "may change people's accounts",
    "reports_read": "may read figures and reports",
}
GROUPS = {
    "Catalogue": ["products_write"],
    "Orders": ["orders_write", "orders_refund"],
    "Support": ["orders_write", "reviews_moderate", "users_write"],
    "Reports": ["reports_read"],
}


def make_groups(apps, schema_editor):
    # Django makes permissions after all migrations have run; the groups need theirs now. It leaves alone what is there.
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="accounts", model="user")
    stored = {}
    for codename, name in PERMISSIONS.items():
        stored[codename], _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": name}
        )
    for name, codenames in GROUPS.items():
        group, is_new = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        if is_new:
            group.permissions.set([stored[codename] for codename in codenames])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_api_sessions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
