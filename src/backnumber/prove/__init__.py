"""`backnumber prove-gate`: sows throw-away articles full of canaries, asks a running site for them in every way a gate
leaks, and prints what came back.
"""
