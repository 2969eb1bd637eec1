"""Addresses of the accounts pages."""

from django.urls import URLPattern, path

from accounts.views import addresses, devices, entrance, passwords, profile

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("", profile.profile, name="profile"),
    path("sign-in/", entrance.SignInView.as_view(), name="sign_in"),
    path("sign-out/", entrance.SignOutView.as_view(), name="sign_out"),
    path("sign-up/", entrance.sign_up, name="sign_up"),
    path("sign-up/sent/", entrance.sign_up_sent, name="sign_up_sent"),
    path("confirm/<str:token>/", entrance.confirm_email, name="confirm_email"),
    path("email/", profile.email_change, name="email_change"),
    path("email/confirm/<str:token>/", profile.confirm_change, name="confirm_change"),
    path("password/", passwords.password_change, name="password_change"),
    path("password/reset/", passwords.password_reset, name="password_reset"),
    path("password/reset/sent/", passwords.password_reset_sent, name="password_reset_sent"),
    path("password/reset/done/", passwords.password_reset_complete, name="password_reset_complete"),
    path(
        "password/reset/<uidb64>/<token>/",
        passwords.PasswordResetConfirm.as_view(),
        name="password_reset_confirm",
    ),
    path("devices/", devices.devices, name="devices"),
    path("devices/end/", devices.end_everywhere, name="devices_end"),
    path("devices/<uuid:session_id>/end/", devices.end, name="device_end"),
    path("addresses/", addresses.addresses, name="addresses"),
    path("addresses/add/", addresses.address_add, name="address_add"),
    path("addresses/<uuid:address_id>/", addresses.address_edit, name="address_edit"),
    path("addresses/<uuid:address_id>/delete/", addresses.address_delete, name="address_delete"),
    path("addresses/<uuid:address_id>/default/", addresses.address_default, name="address_default"),
    path("close/", profile.close, name="close"),
]
