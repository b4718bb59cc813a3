"""What the side panel of an article's page asks."""

from django import template

from backnumber.editorial import standing

register = template.Library()
register.filter("waits_for_its_issue", standing.waits_for_its_issue)
