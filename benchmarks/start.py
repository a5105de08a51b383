"""From a fresh clone to a page that answers, and the second start; with the megabytes that it leaves."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.number import Number

ROOT = Path(__file__).resolve().parents[1]
LONGEST_SECONDS = 600


def measure() -> list[Number]:
    """Clone what is committed, `make run`, wait for the home page, end it, and start once more."""
    folder = Path(tempfile.mkdtemp(prefix="zg-start-", dir="/var/tmp"))
    clone = folder / "zhanggui"
    home = folder / "home"
    try:
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        folder.chmod(0o711)
        home.mkdir(mode=0o711)
        first, second = _start(clone, home), _start(clone, home)
        environment_mb, home_mb = _megabytes(clone / ".venv"), _megabytes(home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [
        Number(name="fresh clone to a page that answers, packages and a year of trade included", value=first, unit="s"),
        Number(name="second start", value=second, unit="s", ratio=second / first, against="the first start"),
        Number(name="packages on disk", value=environment_mb, unit="MB"),
        Number(name="data of the demonstration shop on disk, database and lake", value=home_mb, unit="MB"),
    ]


def _start(clone: Path, home: Path) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {k: v for k, v in os.environ.items() if k not in ours} | {"ZHANGGUI_HOME": str(home)}
    began = time.monotonic()
    run = subprocess.Popen(
        ["make", "-s", "run", f"ARGS=--port {port}"],
        cwd=clone,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not _answers(port):
        if run.poll() is not None or time.monotonic() - began > LONGEST_SECONDS:
            raise SystemExit("make run did not come to a page that answers")
        time.sleep(0.05)
    took = time.monotonic() - began
    os.killpg(run.pid, signal.SIGTERM)
    run.wait(timeout=60)
    return took


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _megabytes(folder: Path) -> float:
    said = subprocess.run(["du", "-sm", str(folder)], capture_output=True, text=True, check=True).stdout
    return float(said.split()[0])
