"""The lists of the archive in the admin, without boxes to tick: several things are deleted at once by owners alone."""

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn
from wagtail.snippets.views.snippets import IndexView

DELETES_SEVERAL = "editorial.delete_several"


class ArchiveList(IndexView):
    @cached_property
    def columns(self) -> list[Any]:
        every: list[Any] = super().columns
        if self.request.user.has_perm(DELETES_SEVERAL):
            return every
        return [one for one in every if not isinstance(one, BulkActionsCheckboxColumn)]
