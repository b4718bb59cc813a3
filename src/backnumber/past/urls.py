"""The addresses of the past."""

from django.urls import path, register_converter

from backnumber.past import views
from backnumber.past.models import PLURALS


class Kinds:
    """Which index: people, places, organisations or events."""

    regex = "|".join(PLURALS.values())

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Kinds, "kinds")

urlpatterns = [
    path("past/", views.past, name="past"),
    path("past/timeline/", views.timeline, name="past_timeline"),
    path("past/map/", views.map_of_the_past, name="past_map"),
    path("past/on-this-day/", views.today, name="past_today"),
    path("past/on-this-day/<int:month>-<int:day>/", views.on_this_day, name="past_day"),
    path("past/questions/", views.questions, name="past_questions"),
    path("past/<kinds:kinds>/", views.index, name="past_index"),
    path("past/<kinds:kinds>/<slug:slug>/", views.entry, name="past_entry"),
]
