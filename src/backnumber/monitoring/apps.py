from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "backnumber.monitoring"
    verbose_name = "Monitoring"
