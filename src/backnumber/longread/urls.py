from django.urls import path

from backnumber.longread import events, preferences, views

urlpatterns = [
    path("weekly/", views.weekly, name="weekly"),
    path("weekly/sign-up/", views.sign_up, name="weekly_sign_up"),
    path("weekly/confirm/<str:token>/", views.confirm, name="weekly_confirm"),
    path("weekly/leave/<str:token>/", views.leave, name="weekly_leave"),
    path("weekly/preferences/<str:token>/", preferences.by_link, name="weekly_preferences"),
    path("weekly/move/<str:token>/", preferences.move, name="weekly_move"),
    path("weekly/events/", events.hear, name="weekly_events"),
    path("account/weekly/", preferences.of_account, name="account_weekly"),
]
