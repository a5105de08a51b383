"""The application that `zhanggui sandbox` serves; it also starts the thread that tells the shop."""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "zhanggui.doors.sandbox.settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from zhanggui.doors.sandbox.sending import keep_telling  # noqa: E402
from zhanggui.doors.sandbox.store import make_tables  # noqa: E402

make_tables()
keep_telling()
