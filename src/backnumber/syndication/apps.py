from django.apps import AppConfig


class SyndicationConfig(AppConfig):
    name = "backnumber.syndication"
    label = "syndication"
    default_auto_field = "django.db.models.BigAutoField"
