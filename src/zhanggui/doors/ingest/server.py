"""The door as a server of its own, for shops whose volume needs a process: a bare ASGI application, no Django pages.

Started by `zhanggui ingest`.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django

# As in config/wsgi.py.
gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhanggui.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 (settings and models stand only now)

from zhanggui.base.errors import Refused, Unreachable  # noqa: E402
from zhanggui.doors.ingest import rules  # noqa: E402
from zhanggui.doors.ingest.errors import KeeperBroken  # noqa: E402
from zhanggui.doors.ingest.intake import LONGEST_WAIT_SECONDS, intake, shut  # noqa: E402
from zhanggui.doors.ingest.rules import Answer, Asked  # noqa: E402
from zhanggui.spine.sightings.rules.wire import CALLS, LONGEST_REQUEST_BYTES, Call  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Only for senders that are not known yet; the database is never asked on the event loop.
_lookups = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ingest-keys")

# A group's rows live for milliseconds and hold no circles: collect seldom, and never walk what was loaded at the start.
gc.freeze()
gc.enable()
gc.set_threshold(50_000, 20, 100)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, or live through start and end."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        answer = await _answer(scope, receive)
        headers = [(name.encode(), value.encode()) for name, value in answer.headers()]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await asyncio.to_thread(shut)
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _answer(scope: Scope, receive: Receive) -> Answer:
    path = scope["path"]
    if path == rules.PIXEL_PATH:
        return await _pixel(scope)
    if path not in CALLS:
        return rules.NOT_FOUND
    if scope["method"] != "POST":
        return rules.ONLY_POST
    return await _take(_asked(scope, call=CALLS[path], body=await _body(receive)))


async def _pixel(scope: Scope) -> Answer:
    headers = _headers(scope)
    if not rules.wants_no_trace(gpc=headers.get("sec-gpc", ""), dnt=headers.get("dnt", "")):
        body = rules.body_of_pixel(scope["query_string"].decode("latin-1"))
        await _take(_asked(scope, call=Call.PAGE, body=body))
    return rules.SEEN


async def _take(asked: Asked) -> Answer:
    door = intake()
    try:
        posted = door.open(asked)
        sender = rules.sender_of(posted, asked)
        shop = door.keys.known(sender)
        if shop is None:
            shop = await asyncio.get_running_loop().run_in_executor(_lookups, door.keys.look_up, sender)
        kept = door.take(posted, sender=sender, shop=shop, asked=asked)
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            await asyncio.wrap_future(kept)
    except (Refused, Unreachable) as error:
        return rules.answer_to(error)
    except TimeoutError:
        return rules.answer_to(KeeperBroken())
    return rules.ACCEPTED


async def _body(receive: Receive) -> bytes:
    """The body, read no further than what is refused as too large anyway."""
    whole: bytes = b""
    while True:
        message = await receive()
        whole += message.get("body", b"")
        if not message.get("more_body", False) or len(whole) > LONGEST_REQUEST_BYTES:
            return whole


def _asked(scope: Scope, *, call: Call, body: bytes) -> Asked:
    headers = _headers(scope)
    forwarded = headers.get("x-forwarded-for", "").rpartition(",")[2].strip() if settings.IS_SECURE else ""
    return Asked(
        call=call,
        body=body,
        address=forwarded[:45] or (scope.get("client") or ("",))[0],
        authorization=headers.get("authorization", ""),
        host=headers.get("host", ""),
        origin=headers.get("origin", ""),
        referrer=headers.get("referer", ""),
        fetch_site=headers.get("sec-fetch-site", ""),
        user_agent=headers.get("user-agent", ""),
    )


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
