"""Asking for paths, stays and devices.

paths, walkers      which ways are taken, and by whom
stays, blocks       how long pages are looked at, and what on them
devices, with_devices  what people come with and order with, and who comes with what
nodes               what a path can begin or end at
"""

from __future__ import annotations

from zhanggui.insight.paths.queries.blocks import blocks
from zhanggui.insight.paths.queries.gadgets import SET_KIND, devices, with_devices
from zhanggui.insight.paths.queries.staying import stays
from zhanggui.insight.paths.queries.walking import PATH_KIND, nodes, paths, walkers

__all__ = ["PATH_KIND", "SET_KIND", "blocks", "devices", "nodes", "paths", "stays", "walkers", "with_devices"]
