"""A reader is an account: an e-mail address and what is needed to sign in. Staff are readers with a role. A device is a
place where one is signed in.
"""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.auth.password_validation import validate_password
from django.db import models
from django.db.models.functions import Lower

from backnumber.mail.addresses import nearest_spelling
from backnumber.mail.fields import AddressField


class ReaderManager(BaseUserManager["Reader"]):
    """Django's name for what makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Reader":
        """Promise: a saved reader; without a password they sign in by a code."""
        if not email:
            raise ValueError("a reader needs an e-mail address")
        reader = self.model(email=nearest_spelling(email), **fields)
        reader.set_password(password)
        reader.save(using=self._db)
        return reader

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Reader":
        """Errors: ValidationError for a password too weak, however the command that asks was called."""
        if password is not None:
            validate_password(password, self.model(email=email))
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "Reader":
        return self.get(email__iexact=username)


class Reader(AbstractUser):  # type: ignore[django-manager-missing]  # relations of untyped mixins
    """Somebody with an account, known by e-mail address."""

    username = None  # type: ignore[assignment]
    email = AddressField(
        "e-mail", unique=True, error_messages={"unique": "There is an account with this address already."}
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[ReaderManager] = ReaderManager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_reader_per_address")]

    def __str__(self) -> str:
        return self.email


class Device(models.Model):
    """A session that somebody signed in, by a name its reader knows it by. It is gone when the session is."""

    session = models.OneToOneField("sessions.Session", on_delete=models.CASCADE, related_name="device")
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="devices")
    name = models.CharField(max_length=80)
    signed_in_at = models.DateTimeField()
    used_at = models.DateTimeField("last used, to within a few minutes")

    class Meta:
        ordering = ("-used_at", "-id")

    def __str__(self) -> str:
        return self.name


class EndedDevice(models.Model):
    """Why a session was ended before its time, by a keyed digest of its key, so that its browser can be told."""

    class Because(models.TextChoices):
        LIMIT = "limit", "one device more than allowed"
        READER = "reader", "ended by the reader"

    mark = models.CharField(max_length=64, primary_key=True)
    because = models.CharField(max_length=8, choices=Because)
    ended_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.get_because_display()
