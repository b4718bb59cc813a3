"""Explains access: to the reader in plain words, to staff grant by grant; and gives or withdraws a right by
hand.
"""
