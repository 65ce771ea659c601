"""The addresses of the security administrator's pages, under `accounts/`."""

from __future__ import annotations

from django.urls import path

from luoshi.org import account_bulk_views as many
from luoshi.org import account_views as views

app_name = "accounts"

urlpatterns = [
    path("", views.list_accounts, name="list"),
    path("new/", views.choose_person, name="choose_person"),
    path("new/<int:person>/", views.new, name="new"),
    path("many/", many.choose, name="many"),
    path("many/begin/", many.begin, name="many_begin"),
    path("many/progress/", many.progress, name="many_progress"),
    path("many/go-on/", many.go_on, name="many_go_on"),
    path("many/finish/", many.finish, name="many_finish"),
    path("many/sheet/", many.sheet, name="many_sheet"),
    path("many/give-up/", many.give_up, name="many_give_up"),
    path("rules/", views.sign_in_rules, name="rules"),
    path("<int:number>/", views.account, name="account"),
    path("<int:number>/password/", views.reset, name="reset"),
    path("<int:number>/lock/", views.lock, name="lock"),
    path("<int:number>/unlock/", views.unlock, name="unlock"),
    path("<int:number>/lock-out/lift/", views.lift_lock_out, name="lift_lock_out"),
    path("<int:number>/sessions/end/", views.end_sessions, name="end_sessions"),
    path("<int:number>/second-factor/remove/", views.remove_totp, name="remove_totp"),
]
