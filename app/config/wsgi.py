"""The pages, served by Granian as WSGI."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tantam.lib.forwarded import believing

application = believing(get_wsgi_application(), proxies=settings.PROXIES)
