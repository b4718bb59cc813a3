"""The desk where staff find and help a person: everything about a reader on one page, what is done there with its reason, the audit
log, and the first steps of a new magazine.
"""
