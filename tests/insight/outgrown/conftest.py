"""What the tests of other engines share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhanggui.base.home import shelf


@pytest.fixture
def published_folder() -> Iterator[Path]:
    """The folder of published tables, emptied after."""
    yield shelf("published")
    shutil.rmtree(shelf("published"))
