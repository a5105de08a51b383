"""The application that the web server runs."""

from __future__ import annotations

import gc
import os

from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhanggui.config.settings")

application = get_wsgi_application()

# Whether a kept connection is still good is asked when a request begins; once more at its end would find the same.
request_finished.disconnect(close_old_connections)

# What is loaded now lives as long as the process; the collector need not walk it again on every full collection.
gc.freeze()
