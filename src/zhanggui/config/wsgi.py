"""The application that the web server runs."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhanggui.config.settings")

application = get_wsgi_application()

# What is loaded now lives as long as the process; the collector need not walk it again on every full collection.
gc.freeze()
