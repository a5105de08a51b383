"""Django's session engine, with the account beside each session: one statement finds it, one ends it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from zhanggui.base.accounts.models import Session


class SessionStore(DatabaseStore):
    """Sessions in `base_accounts_session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """A row for this session; whose it is stands in a column too."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101 -- for the type checker; `get_model_class` says so
        row.account_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row
