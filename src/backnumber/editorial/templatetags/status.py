"""What the side panel of an article's page asks."""

from django import template

from backnumber.editorial import status

register = template.Library()
register.filter("waits_for_its_issue", status.waits_for_its_issue)
