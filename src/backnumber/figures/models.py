"""Who may see figures. There is no table: this gives the permissions a place."""

from django.db import models

SEES = "figures.view_figures"
SEES_MONEY = "figures.view_money"


class Figures(models.Model):
    class Meta:
        managed = False
        default_permissions = ()
        permissions = (
            ("view_figures", "Can see figures of subscribers and of the gate"),
            ("view_money", "Can see figures of money"),
        )

    def __str__(self) -> str:
        return "Figures"
