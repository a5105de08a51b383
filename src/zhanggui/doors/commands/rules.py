"""The processes of the house and how patiently they are kept up."""

from __future__ import annotations

import sys
from dataclasses import dataclass

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
HEALTHY_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the house listens."""

    host: str
    port: int

    @property
    def reached_at(self) -> str:
        """The host under which this machine reaches it: 0.0.0.0 listens everywhere but is no address to go to."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 (compared, not bound)

    @property
    def url(self) -> str:
        """For a browser on this machine."""
        host = f"[{self.reached_at}]" if ":" in self.reached_at else self.reached_at
        return f"http://{host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.reached_at == self.host and self.host in {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process that `zhanggui run` keeps up.

    name          what a person calls it
    module        started as `python -m module arguments`; {host} and {port} are filled in
    stop_seconds  how long it may take to finish what it is at
    """

    name: str
    module: str
    arguments: tuple[str, ...]
    stop_seconds: float = 10.0

    def command(self, address: Address) -> list[str]:
        """The command line."""
        filled = [word.format(host=address.host, port=address.port) for word in self.arguments]
        return [sys.executable, "-P", "-m", self.module, *filled]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The first operator's way into the console; the password is known only at this moment."""

    email: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What `zhanggui prepare` hands to `zhanggui run`.

    processes  the web server first; they are ended in this order
    sign_in    none if somebody could sign in before
    """

    processes: tuple[Process, ...]
    sign_in: SignIn | None


# Two workers with two threads served the most on two cores; idle threads keep their database connection.
WEB = Process(
    name="web",
    module="granian",
    arguments=(
        *("--interface", "wsgi", "--host", "{host}", "--port", "{port}", "--http", "1", "--no-ws"),
        *("--workers", "2", "--blocking-threads", "2", "--blocking-threads-idle-timeout", "600"),
        *("--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "5"),
        *("--log-level", "warning", "zhanggui.config.wsgi:application"),
    ),
)
WORKER = Process(name="worker", module="zhanggui", arguments=("worker",), stop_seconds=15.0)
RELAY = Process(name="relay", module="zhanggui", arguments=("relay",))
# It finds its port in ZHANGGUI_SANDBOX_URL.
SANDBOX = Process(name="sandbox", module="zhanggui", arguments=("sandbox", "--host", "{host}"))


def wait_before_restart(failures: int) -> float:
    """Seconds until a process that ended is started again: doubling from half a second up to 30.

    source   1 -> 0.5, 2 -> 1, 4 -> 4, 7 and more -> 30
    """
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * (1 << min(failures - 1, 20)))
