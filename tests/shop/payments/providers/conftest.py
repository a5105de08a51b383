"""Every provider in turn."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.tills import Till


@pytest.fixture(params=["stripe", "alipay", "wechat"])
def till(request: pytest.FixtureRequest, till_at: Callable[..., Till]) -> Till:
    """A till at each provider."""
    return till_at(request.param)
