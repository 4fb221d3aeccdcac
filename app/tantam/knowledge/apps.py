from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "tantam.knowledge"
    label = "knowledge"
