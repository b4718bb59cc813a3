"""A column of e-mail addresses in which each mailbox has one spelling, however it is written and asked for."""

from typing import Any

from django.db import models
from django.db.models.lookups import IExact

from backnumber.mail.addresses import nearest_spelling


class AddressField(models.EmailField):  # type: ignore[type-arg]  # generic for the types only
    """What is stored, and what a column is compared with (`exact`, `iexact`, `in`), has the one spelling."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return nearest_spelling(prepared) if isinstance(prepared, str) and prepared else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


@AddressField.register_lookup
class SameMailbox(IExact):
    """Django's own leaves what it compares with as it is."""

    prepare_rhs = True
