from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "cryptons.api"
    label = "api"
    verbose_name = "API"
