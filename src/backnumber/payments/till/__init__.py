"""The demo till: a hosted payment page that behaves like a real one and moves no money. It refuses to run in
production.
"""
