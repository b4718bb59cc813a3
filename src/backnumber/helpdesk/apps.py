from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "backnumber.helpdesk"
    label = "helpdesk"
    default_auto_field = "django.db.models.BigAutoField"
