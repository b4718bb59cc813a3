"""No table: the help desk only holds the permissions of who may look into a reader's rights."""

from django.db import models


class HelpDesk(models.Model):
    """Carries the permissions; Django keeps them by model."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [
            ("explain_access", "Can see why a reader may or may not read an article"),
            ("give_access", "Can give a reader a right by hand, and withdraw one"),
        ]
