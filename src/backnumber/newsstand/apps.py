from django.apps import AppConfig


class NewsstandConfig(AppConfig):
    name = "backnumber.newsstand"
    label = "newsstand"
    default_auto_field = "django.db.models.BigAutoField"
