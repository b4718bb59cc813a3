"""Figures for the staff: subscribers, revenue month by month, and what came of the gate; drawn and written out. It only reads."""
