"""Does the database answer, and is it new enough?"""

from __future__ import annotations

from urllib.parse import urlsplit

import psycopg

from zhanggui.base.database.errors import CannotConnect, ServerTooOld

OLDEST_MAJOR = 15


def require(url: str) -> int:
    """The major version of the server at this address.

    refuses  ServerTooOld below 15; CannotConnect with an address that shows no password, if it does not answer
    """
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            number = connection.info.server_version
    except psycopg.Error as failed:
        raise CannotConnect(address=without_password(url), reason=str(failed).strip()) from failed
    if number // 10_000 < OLDEST_MAJOR:
        raise ServerTooOld(found=f"{number // 10_000}.{number % 10_000}", wanted=OLDEST_MAJOR)
    return number // 10_000


def without_password(url: str) -> str:
    """The address as it may be shown: the password and what stands after `?` are left out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("://")[0]
    user, at, host = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{user.partition(':')[0]}{at}{host}{parts.path}"
