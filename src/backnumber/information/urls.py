from django.urls import path

from backnumber.information import views

urlpatterns = [path("information/<slug:slug>/", views.page, name="information")]
