"""Gifts that were bought: who gave what to whom, when it arrives, and the code that redeems it. What money means for one, and what
redeeming gives, is `checkout`'s; links by which friends read one article are `gifts`'.
"""
