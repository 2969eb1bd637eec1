from django.apps import AppConfig


class CryptonsConfig(AppConfig):
    name = "cryptons"
    verbose_name = "Cryptons"

    def ready(self) -> None:
        """Let every list of the admin delete what is chosen in one way."""
        from django.contrib import admin  # noqa: PLC0415 - no models before the registry is ready

        from cryptons.chosen import delete_chosen  # noqa: PLC0415

        admin.site.add_action(delete_chosen, "delete_selected")
