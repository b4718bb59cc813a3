from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "backnumber.website"
    label = "website"
    default_auto_field = "django.db.models.BigAutoField"
