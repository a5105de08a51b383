"""The rules of the outbox.

letters    a message, how far it is, what its carrier says of it
lengths    as how many messages a text is counted
callbacks  the key in the address at which a carrier calls
"""

from zhanggui.base.outbox.rules.callbacks import callback_key
from zhanggui.base.outbox.rules.lengths import Alphabet, alphabet_of, segments
from zhanggui.base.outbox.rules.letters import (
    BEFORE,
    Channel,
    File,
    Letter,
    Message,
    Receipt,
    State,
    Taken,
    Template,
)

__all__ = [
    "BEFORE",
    "Alphabet",
    "Channel",
    "File",
    "Letter",
    "Message",
    "Receipt",
    "State",
    "Taken",
    "Template",
    "alphabet_of",
    "callback_key",
    "segments",
]
