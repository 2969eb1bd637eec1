from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from accounts import signals  # noqa: F401, PLC0415 (receivers may be imported only once the models are there)
