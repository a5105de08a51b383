"""A cup on the potter's wheel: a profile turned around its axis, as a glTF 2.0 model in one binary file."""

from __future__ import annotations

import json
import struct
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_AROUND: Final = 48
# Radius and height in metres, from the middle of the foot up the outside, over the lip and down the inside.
_PROFILE: Final = (
    (0.0, 0.004),
    (0.026, 0.004),
    (0.028, 0.0),
    (0.032, 0.0),
    (0.034, 0.006),
    (0.040, 0.022),
    (0.0425, 0.045),
    (0.0415, 0.072),
    (0.041, 0.086),
    (0.0398, 0.0872),
    (0.0385, 0.086),
    (0.039, 0.072),
    (0.0398, 0.045),
    (0.0372, 0.024),
    (0.030, 0.010),
    (0.0, 0.008),
)
_FLOATS, _SHORTS, _TRIANGLES = 5126, 5123, 4
_VERTICES, _INDICES = 34962, 34963


def cup(*, colour: tuple[float, float, float]) -> bytes:
    """A glazed cup of 9 cm as .glb, about 40 kB.

    colour  of the glaze: red, green and blue from 0 to 1, linear
    source  glTF 2.0, § 4.4 binary form: header, a JSON chunk padded with spaces, a binary chunk padded with zeros
    """
    places, normals, triangles = _turned(np.asarray(_PROFILE, dtype=np.float64))
    blob = places.tobytes() + normals.tobytes() + triangles.tobytes()
    scene = json.dumps(_scene(places, normals, triangles, colour), separators=(",", ":")).encode()
    scene += b" " * (-len(scene) % 4)
    blob += b"\0" * (-len(blob) % 4)
    length = 12 + 8 + len(scene) + 8 + len(blob)
    header = struct.pack("<4sII", b"glTF", 2, length)
    return header + struct.pack("<I4s", len(scene), b"JSON") + scene + struct.pack("<I4s", len(blob), b"BIN\0") + blob


def _turned(profile: NDArray[np.float64]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint16]]:
    """Vertices ring by ring, their outward directions, and two triangles per patch."""
    angles = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    around = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    slope = np.gradient(profile, axis=0)
    outward = np.stack([slope[:, 1], -slope[:, 0]], axis=1)
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-9)
    places, normals = (
        np.stack(
            [
                np.outer(line[:, 0], around[:, 0]),
                np.repeat(line[:, 1:2], _AROUND, axis=1),
                np.outer(line[:, 0], around[:, 1]),
            ],
            axis=2,
        )
        .reshape(-1, 3)
        .astype("<f4")
        for line in (profile, outward)
    )
    ring, turn = np.meshgrid(np.arange(len(profile) - 1), np.arange(_AROUND), indexing="ij")
    here, beside = ring * _AROUND + turn, ring * _AROUND + (turn + 1) % _AROUND
    patch = np.stack([here, here + _AROUND, beside, beside, here + _AROUND, beside + _AROUND], axis=2)
    return places, normals, patch.reshape(-1).astype("<u2")


def _scene(
    places: NDArray[np.float32],
    normals: NDArray[np.float32],
    triangles: NDArray[np.uint16],
    colour: tuple[float, float, float],
) -> dict[str, Any]:
    glaze = {"baseColorFactor": [*colour, 1], "metallicFactor": 0, "roughnessFactor": 0.35}
    span = {"min": places.min(axis=0).tolist(), "max": places.max(axis=0).tolist()}
    drawn = {"POSITION": 0, "NORMAL": 1}
    end = places.nbytes + normals.nbytes
    return {
        "asset": {"version": "2.0", "generator": "Zhanggui"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "cup"}],
        "meshes": [{"primitives": [{"attributes": drawn, "indices": 2, "material": 0, "mode": _TRIANGLES}]}],
        "materials": [{"name": "glaze", "pbrMetallicRoughness": glaze, "doubleSided": True}],
        "accessors": [
            {"bufferView": 0, "componentType": _FLOATS, "count": len(places), "type": "VEC3", **span},
            {"bufferView": 1, "componentType": _FLOATS, "count": len(normals), "type": "VEC3"},
            {"bufferView": 2, "componentType": _SHORTS, "count": len(triangles), "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": places.nbytes, "target": _VERTICES},
            {"buffer": 0, "byteOffset": places.nbytes, "byteLength": normals.nbytes, "target": _VERTICES},
            {"buffer": 0, "byteOffset": end, "byteLength": triangles.nbytes, "target": _INDICES},
        ],
        "buffers": [{"byteLength": end + triangles.nbytes}],
    }
