from django.apps import AppConfig


class CryptonsConfig(AppConfig):
    name = "cryptons"
    verbose_name = "Cryptons"
