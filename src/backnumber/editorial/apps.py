from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "backnumber.editorial"
    label = "editorial"
    verbose_name = "Editorial"
