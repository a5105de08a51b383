"""What every test of imports finds: an empty folder of imports, and somebody who reads English."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.utils import translation

from zhanggui.base.home import shelf


@pytest.fixture(autouse=True)
def an_empty_folder_of_imports() -> None:
    shutil.rmtree(shelf("imports"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield
