from django.apps import AppConfig


class PresentsConfig(AppConfig):
    name = "backnumber.presents"
    label = "presents"
    default_auto_field = "django.db.models.BigAutoField"
