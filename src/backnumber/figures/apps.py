from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "backnumber.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"
