"""Payment against an invoice: by bank transfer, cheque or purchase order. Staff say what has arrived."""
