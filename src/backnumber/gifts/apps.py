from django.apps import AppConfig


class GiftsConfig(AppConfig):
    name = "backnumber.gifts"
    label = "gifts"
    default_auto_field = "django.db.models.BigAutoField"
