"""What is shipped: whole, translated, pinned."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.house.plan import ROOT, SOURCE
from zhanggui.doors.commands import messages

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-outgrown.lock")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        ".",
    ]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("zhanggui-*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    ours = {
        str(path.relative_to(SOURCE))
        for path in (SOURCE / "zhanggui").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".mo", ".pyc")
    }
    assert ours - inside == set()
    assert any(name.endswith(".html") for name in inside)
    assert any(name.endswith(".css") for name in inside)


def test_the_wheel_speaks_chinese(wheel: zipfile.ZipFile) -> None:
    assert len(wheel.read("zhanggui/locale/zh_Hans/LC_MESSAGES/django.mo")) > 1000


def test_the_wheel_carries_its_licence_and_its_command(wheel: zipfile.ZipFile) -> None:
    said = {name.rsplit("/", 1)[-1]: name for name in wheel.namelist() if ".dist-info/" in name}
    assert b"Apache License" in wheel.read(said["LICENSE"])
    assert b"zhanggui = zhanggui.doors.commands.main:main" in wheel.read(said["entry_points.txt"])
    assert b"License-Expression: Apache-2.0" in wheel.read(said["METADATA"])


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text().strip())
    for block in blocks:
        assert re.match(r"[a-z0-9-]+(\[[a-z]+\])?==\S+", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()
    assert "index" not in (ROOT / lock).read_text()


@pytest.fixture(scope="module")
def gathered() -> Catalog:
    """All that the code says; reading it is most of the work, so it is read once."""
    return messages.gathered()


@pytest.fixture
def read_once(gathered: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "gathered", lambda: gathered)


@pytest.mark.usefixtures("read_once")
def test_both_languages_say_everything() -> None:
    assert list(messages.problems()) == []


@pytest.mark.usefixtures("read_once")
def test_a_message_without_chinese_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = messages.CATALOGUE.read_text()
    holed = tmp_path / "django.po"
    first = re.search(r'\nmsgid "([^"%{]{3,30})"\nmsgstr "[^"]+"\n', kept)
    assert first
    holed.write_text(kept.replace(first.group(0), f'\nmsgid "{first.group(1)}"\nmsgstr ""\n'))
    monkeypatch.setattr(messages, "CATALOGUE", holed)
    assert list(messages.problems()) == [f"not translated: {first.group(1)!r}"]


def test_ci_runs_what_a_user_runs() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    readme = (ROOT / "README.md").read_text()
    assert "make run" in readme
    assert "make test" in readme
