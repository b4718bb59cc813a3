"""Whether pages speak of gifts."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def gifts_are_on() -> bool:
    return bool(settings.GIFTS)
