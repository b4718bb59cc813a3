from django.apps import AppConfig


class TillConfig(AppConfig):
    name = "backnumber.payments.till"
    label = "till"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backnumber.payments.till import checks  # noqa: F401, PLC0415  # registering needs the apps loaded
