"""The application that the web server runs."""

from __future__ import annotations

import gc
import os
import threading

import asgiref.local

# Looked through again and again while it grows, what is loaded would take half as long again to load.
gc.disable()
# Django keeps the language, the connection and more by thread or by task, and asks each time which of the two it is.
# Here no task runs: said before Django is loaded, which makes its places to keep things as it loads.
asgiref.local.Local = lambda thread_critical=False: threading.local()  # type: ignore[assignment,misc,return-value]

import django  # noqa: E402
from django.core.signals import request_finished  # noqa: E402
from django.db import close_old_connections  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhanggui.config.settings")
django.setup(set_prefix=False)

from zhanggui.base import chinese  # noqa: E402
from zhanggui.config import urls  # noqa: E402, F401 - all pages and what they show, before the first shopper
from zhanggui.config.handler import Handler  # noqa: E402
from zhanggui.growth.experiments.rules import tails  # noqa: E402
from zhanggui.shop.payments import ports as payments  # noqa: E402

application = Handler()

# What loads with its first use is used here: no shopper waits for it.
chinese.cut("")
tails.ndtr(0)
for provider in payments.providers.values():
    _ = provider.merchant

# Whether a kept connection is still good is asked when a request begins; once more at its end would find the same.
request_finished.disconnect(close_old_connections)

# What is loaded now lives as long as the process; the collector need not walk it again on every full collection.
gc.freeze()
gc.enable()
# And it need not look for circles after every few hundred new objects: a page makes thousands and hardly any circle.
gc.set_threshold(10_000, 10, 10)
