"""The settings our server runs with: measured for a shop on one machine, and closed to the network."""

from __future__ import annotations

import os
from pathlib import Path

from zhanggui.base.database.place import Place

MOST_SHARED_MB = 512
TEST_SHARED_MB = 128
LEAST_SHARED_MB = 32
SHARE_OF_MEMORY = 8
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def settings_for(place: Place, *, durable: bool) -> dict[str, str]:
    """Names and values of PostgreSQL settings, given on its command line so that they always hold.

    durable  False only for tests: nothing is forced to the disk, so a kill loses nothing but a power cut may
    """
    sockets = str(place.sockets).replace('"', '""')
    return {
        "listen_addresses": "",
        "unix_socket_directories": f'"{sockets}"',
        "unix_socket_permissions": "0700",
        "shared_buffers": f"{shared_mb(_memory_bytes()) if durable else TEST_SHARED_MB}MB",
        "jit": "off",
        "max_wal_size": "2GB",
        "synchronous_commit": "on",
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "log_startup_progress_interval": "2s",
    }


def shared_mb(memory_bytes: int) -> int:
    """Megabytes PostgreSQL keeps pages in: an eighth of the memory, 32 to 512 (2 GB of memory -> 256)."""
    return max(LEAST_SHARED_MB, min(MOST_SHARED_MB, memory_bytes // SHARE_OF_MEMORY // 2**20))


def _memory_bytes() -> int:
    """The memory we may use: the machine's, or less where a container is held to less."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limits = [path.read_text().strip() for path in _CGROUP_LIMITS if path.exists()]
    return min([machine, *(int(limit) for limit in limits if limit.isdigit())])
