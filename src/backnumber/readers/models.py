"""A reader is an account: an e-mail address and what is needed to sign in. Staff are readers with a role."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class ReaderManager(BaseUserManager["Reader"]):
    """Django's name for what makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Reader":
        """Promise: a saved reader; without a password they sign in by a code."""
        if not email:
            raise ValueError("a reader needs an e-mail address")
        reader = self.model(email=self.normalize_email(email).lower(), **fields)
        reader.set_password(password)
        reader.save(using=self._db)
        return reader

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Reader":
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "Reader":
        return self.get(email__iexact=username)


class Reader(AbstractUser):  # type: ignore[django-manager-missing]  # relations of untyped mixins
    """Somebody with an account, known by e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(
        "e-mail", unique=True, error_messages={"unique": "There is an account with this address already."}
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[ReaderManager] = ReaderManager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_reader_per_address")]

    def __str__(self) -> str:
        return self.email
