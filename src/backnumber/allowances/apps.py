from django.apps import AppConfig


class AllowancesConfig(AppConfig):
    name = "backnumber.allowances"
    label = "allowances"
    default_auto_field = "django.db.models.BigAutoField"
