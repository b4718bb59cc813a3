"""Subscriptions that renew: what is agreed with a reader, until when it is paid for, and what happens then. We keep the calendar; the
payment provider only takes the money (decision 017).
"""
