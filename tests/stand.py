"""What every test stands on, loaded before Django reads its settings: a server, a home folder, no network.

The first process of a run starts one PostgreSQL, unless DATABASE_URL names one; the workers of pytest-xdist share it,
each with a database of its own. Every process has a home folder of its own.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import signal
import socket
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import asgiref.local

from zhanggui.base.database.server import throwaway
from zhanggui.doors.sandbox.place import note_address

# What is loaded and collected stays to the end: nobody looks through it for circles while it grows, or after.
gc.disable()

# As the web server does (config/wsgi.py): finding an address or a translation takes half as long.
asgiref.local.Local = lambda thread_critical=False: threading.local()  # type: ignore[assignment,misc,return-value]

# The name of a variable that is set where the tests have a server of their own.
IS_OUR_SERVER = "ZHANGGUI_TESTS_SERVER"
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

# A run in the background of a script may have been told to ignore Ctrl-C; what the tests start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

_open = ExitStack()
atexit.register(_open.close)

_home = tempfile.mkdtemp(prefix="zhanggui-test-")
_open.callback(shutil.rmtree, _home, ignore_errors=True)
os.environ["ZHANGGUI_HOME"] = _home
os.environ["DJANGO_SETTINGS_MODULE"] = "zhanggui.config.settings"
# Where the sandbox would answer, should a test start it: a port that nobody has now.
with socket.socket() as _probe:
    _probe.bind(("127.0.0.1", 0))
    note_address(f"http://127.0.0.1:{_probe.getsockname()[1]}")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs beside the tests' own database calls

if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = os.environ[IS_OUR_SERVER] = _open.enter_context(throwaway()).url
