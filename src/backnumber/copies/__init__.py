"""Printed copies: who is owed one of an issue, the run that sends them, its labels and files, and what becomes of copies after."""
