from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tantam.accounts"
    label = "accounts"
