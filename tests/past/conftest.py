"""Edith edits, Hugo answers the help mail: as in the tests of the desk."""

from tests.editorial.conftest import edith, editor, help_desk, hugo

__all__ = ["edith", "editor", "help_desk", "hugo"]
