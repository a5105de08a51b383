"""What is told is sent on."""

from __future__ import annotations

from zhanggui.base.jobs.actions import Job
from zhanggui.spine.relay.rules import Reader
from zhanggui.spine.webhooks import actions

BATCH = 1000

# Only queues: whoever does not answer keeps neither this reader nor another waiting.
reader = Reader(name="spine.webhooks", take=actions.queue, batch=BATCH)
jobs: tuple[Job, ...] = (actions.send, actions.tend)
