"""Outgoing mail: queued with the change that caused it, sent by the worker."""
