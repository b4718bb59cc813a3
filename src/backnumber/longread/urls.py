from django.urls import path

from backnumber.longread import views

urlpatterns = [
    path("weekly/", views.weekly, name="weekly"),
    path("weekly/sign-up/", views.sign_up, name="weekly_sign_up"),
    path("weekly/confirm/<str:token>/", views.confirm, name="weekly_confirm"),
    path("weekly/leave/<str:token>/", views.leave, name="weekly_leave"),
]
