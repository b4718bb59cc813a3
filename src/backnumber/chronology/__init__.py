"""What a text tells of: its times, people, places, organisations and named events. Pure: a text and a day in, findings out. It
knows nothing of articles, requests or the database, asks no clock and no network, and answers the same for the same text.
"""

from backnumber.chronology.reading import read
from backnumber.chronology.types import Block, Finding, Focus, Kind, Reading, Subject, Weight, WeightedSpan

__all__ = ["Block", "Finding", "Focus", "Kind", "Reading", "Subject", "Weight", "WeightedSpan", "read"]
