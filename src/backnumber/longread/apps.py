from django.apps import AppConfig


class LongreadConfig(AppConfig):
    name = "backnumber.longread"
    label = "longread"
    verbose_name = "Long read"
    default_auto_field = "django.db.models.BigAutoField"
