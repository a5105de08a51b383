"""Ids of what an import tells, for a whole chunk at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_BYTES = 16


def uuids_of(at_us: npt.NDArray[np.int64], keys: Sequence[str]) -> npt.NDArray[np.uint8]:
    """The ids that `base.ids.uuid7_of` gives to each moment and natural key, as rows of 16 bytes.

    at_us   shape (n,), microseconds since 1970
    keys    n natural keys
    """
    digests = b"".join([hashlib.blake2b(key.encode(), digest_size=10).digest() for key in keys])
    noise = np.frombuffer(digests, dtype=np.uint8).reshape(len(keys), 10)
    made = np.empty((len(keys), _BYTES), dtype=np.uint8)
    made[:, :6] = (at_us // 1000).astype(">u8").view(np.uint8).reshape(len(keys), 8)[:, 2:]
    made[:, 6] = 0x70 | noise[:, 0] >> 4
    made[:, 7] = noise[:, 0] << 4 | noise[:, 1] >> 4
    made[:, 8] = 0x80 | noise[:, 2] & 0x3F
    made[:, 9:] = noise[:, 3:]
    return made
