"""Signs readers in as allauth does, and brings along the number of their passes: no page asks for it in a query of its own."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import OuterRef, Subquery

from backnumber.passes.models import Generation
from backnumber.readers.models import Reader


class NumberedReaders(AuthenticationBackend):
    """A reader of a session has `passes_number`, the present number of their passes, None when it never changed."""

    def get_user(self, user_id: Any) -> Reader | None:
        number = Generation.objects.filter(reader=OuterRef("pk")).values("number")
        found = Reader.objects.annotate(passes_number=Subquery(number)).filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None
