"""The editors' desk: the archive in the admin, roles, and the policy of an article with where it comes from.
"""
