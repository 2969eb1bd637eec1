"""The addresses under /api/auth/."""

from django.urls import URLPattern, path

from accounts.api import views

app_name = "auth_api"
urlpatterns: list[URLPattern] = [
    path("register", views.Register.as_view(), name="register"),
    path("login", views.Login.as_view(), name="login"),
    path("refresh", views.Refresh.as_view(), name="refresh"),
    path("profile", views.Profile.as_view(), name="profile"),
    path("password", views.Password.as_view(), name="password"),
    path("logout", views.Logout.as_view(), name="logout"),
    path("logout-all", views.LogoutAll.as_view(), name="logout_all"),
    path("sessions", views.Sessions.as_view(), name="sessions"),
    path("sessions/<str:session_id>", views.Session.as_view(), name="session"),
]
