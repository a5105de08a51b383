"""Fixtures that every room's tests may use."""

from __future__ import annotations

import functools
import gc
import os
import random
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import settings as laws
from playwright.sync_api import Browser
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from tests import template, tills
from tests.a_browser import Chromium
from tests.a_sandbox import Sandbox, ShopServer
from tests.emptying import empty_what_was_written, standing
from tests.stand import IS_OUR_SERVER, SHARED_DATA
from tests.strength import IS_PROVING
from tests.threshold import Threshold
from zhanggui.base import kept
from zhanggui.base.home import shelf
from zhanggui.doors.ingest import views
from zhanggui.doors.storefront import documents
from zhanggui.insight.lake.actions import rolling
from zhanggui.insight.lake.rules import rollup_named
from zhanggui.insight.metrics.queries import forget_all
from zhanggui.shop.payments import ports
from zhanggui.shop.payments.rules import Provider

# No test asserts a time, and a law that was slow once is not broken.
laws.register_profile("house", deadline=None, derandomize=not IS_PROVING)
laws.load_profile("house")
# Chromium without its windows draws the same pages with a third of the work; not every system has it.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Skip what this machine lacks, and say what to do.

    What reads the real tables comes first, folder by folder, then what else is dear to set up: taking the tables in
    lasts a minute; a test of another folder between them, or workers that share the rest at the end, would do it twice.
    """
    no_data = pytest.mark.skip(reason=f"REAL DATA MISSING: no folder {SHARED_DATA}")
    no_browser = pytest.mark.skip(reason="NO BROWSER: apt-get install chromium fonts-noto-cjk")
    for item in items:
        if item.get_closest_marker("real_data") and not SHARED_DATA.is_dir():
            item.add_marker(no_data)
        if item.get_closest_marker("browser") and not Path(CHROMIUM).exists():
            item.add_marker(no_browser)
    yield
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, bool, str]:
    is_real, is_dear = (item.get_closest_marker(marker) is not None for marker in ("real_data", "dear"))
    return not is_real, not is_dear, str(item.path.parent) if is_real else ""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """From here on what is no longer needed is looked for again; what was loaded and collected is left out."""
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which walks did not happen."""
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ()) if report.longrepr}
    for reason in sorted(reasons):
        terminalreporter.write_line(f"!! {reason.removeprefix('Skipped: ')}", yellow=True, bold=True)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """What is said is compared in English unless a test asks for another language."""
    translation.activate("en")
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def same_ids(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test draws the same ids in every run: what hangs on them, as a trial's halves do, is not another each time.

    A measured effect lies within its 95 % interval in nineteen draws of twenty (benchmarks/effects.py counts them).
    """
    monkeypatch.setattr("zhanggui.base.ids._last", [0, 0])
    monkeypatch.setattr("zhanggui.base.ids._drawn", random.Random(request.node.nodeid).getrandbits)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Answers and pages kept from another test's database are forgotten."""
    kept.forget_all()
    documents.shelf.forget()
    yield
    kept.forget_all()
    documents.shelf.forget()


@pytest.fixture(autouse=True)
def providers_in_order() -> Iterator[None]:
    """A test that unplugs a payment provider leaves the others in the order they are offered."""
    plugged = dict(ports.providers)
    yield
    ports.providers.clear()
    ports.providers.update(plugged)


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Pages find their static files without collecting them first."""
    plain = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=plain):
        yield


@pytest.fixture(scope="session", autouse=True)
def kept_static_files() -> Iterator[None]:
    """A browser asks for a static file once in a walk, as in a house whose files have their version in their name."""
    serve = StaticFilesHandler.serve

    def kept(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        answer = serve(handler, request)
        answer.headers["Cache-Control"] = "max-age=3600"
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", kept)
        patch.setattr(finders, "find", functools.cache(finders.find))
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Chromium, once per worker: starting it and its driver takes as long as a walk."""
    started = Chromium(CHROMIUM, _QUIET)
    yield started
    started.end()


@pytest.fixture(scope="module")
def browser(chromium: Chromium) -> Iterator[Browser]:
    """Chromium for the tests of a module; nothing that they opened stays open, and its loop is not there for others."""
    with chromium.in_use() as opened:
        yield opened


@pytest.fixture
def lake_folder() -> Iterator[Path]:
    """The lake's folder, emptied before and after; answers of another test's lake are forgotten."""
    folder = shelf("lake")
    shutil.rmtree(folder)
    forget_all()
    yield shelf("lake")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def only_these_tables(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """`@pytest.mark.tables("orders", "visits")`: no other is made. A table that is missing has no rows.

    Making all of them for every small world costs most of its time.
    """
    wanted = request.node.get_closest_marker("tables")
    if wanted is not None:
        monkeypatch.setattr(rolling, "ROLLUPS", tuple(rollup_named(name) for name in wanted.args))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """The tables are made here, once, while the workers collect."""
    if IS_OUR_SERVER in os.environ:
        template.begin(config.stash[blocking_manager_key])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """A worker on our own server works in a copy of the tables."""
    with pytest.MonkeyPatch.context() as patch:
        if IS_OUR_SERVER in os.environ and hasattr(request.config, "workerinput"):
            patch.setattr(connection.creation, "create_test_db", template.copied)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, let go of by all at the end: a server of the tests may still hold its last page's connection."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    """What a committing test wrote, jobs included, is gone before the next one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_what_was_written)
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_forced_to_disk() -> Iterator[None]:
    """As in the tests' own PostgreSQL: what is written outlives a kill, which tests try, though not a power cut."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def guarded_door() -> Iterator[Threshold]:
    """The ingest door of the shop's own web server, shut but for the tests that open it."""
    threshold = Threshold()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "intake", lambda: threshold)
        yield threshold


@pytest.fixture
def threshold(transactional_db: None, guarded_door: Threshold) -> Iterator[Threshold]:
    """The ingest door, open for this test."""
    guarded_door.open()
    yield guarded_door
    guarded_door.close()


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database and a lake in which a module's fixtures commit what its tests find, emptied after the last of them.

    The tests themselves are rolled back, and leave the lake's files alone.
    """
    with django_db_blocker.unblock(), standing():
        yield


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The payment providers' stand-in, a process of its own, started when the first test needs it."""
    started = Sandbox()
    yield started
    started.end()


@pytest.fixture(scope="session")
def till_adapters() -> Iterator[dict[str, Provider]]:
    """The adapters of the payment providers, with little patience."""
    with tills.adapters() as made:
        yield made


@pytest.fixture
def till_at(sandbox: Sandbox, till_adapters: dict[str, Provider], shop_server: ShopServer) -> Callable[..., tills.Till]:
    """Opens a till at the provider of that name."""

    def opened(name: str, **terms: Any) -> tills.Till:
        return tills.opened(name, provider=till_adapters[name], sandbox=sandbox, shop=shop_server, **terms)

    return opened


@pytest.fixture
def shop_server() -> Iterator[ShopServer]:
    """A server that hears what providers tell a shop."""
    server = ShopServer()
    yield server
    server.close()
