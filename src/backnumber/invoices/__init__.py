"""Invoices and credit notes: numbered without gaps, never changed, made of what they are told. They know nothing of orders."""
