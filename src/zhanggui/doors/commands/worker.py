"""`zhanggui worker`: work off the jobs that wait, until told to end."""

from __future__ import annotations

from typing import cast

import click
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from zhanggui.base.database.errors import CannotConnect
from zhanggui.base.database.place import database_url
from zhanggui.base.database.reach import without_password

GRACE_SECONDS = 10


@click.command()
def command() -> None:
    """Work off the jobs that wait. On SIGTERM it finishes the jobs at hand, for 10 seconds at most."""
    connector = cast(DjangoConnector, app.connector)
    with app.replace_connector(connector.get_worker_connector()):
        try:
            app.run_worker(shutdown_graceful_timeout=GRACE_SECONDS)
        except ConnectorException as failed:
            reason = str(failed.__cause__ or failed).strip()
            raise CannotConnect(address=without_password(database_url()), reason=reason) from failed
