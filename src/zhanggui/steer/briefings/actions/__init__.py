"""The verbs about briefings.

write           a draft, from the numbers as they are
say, polish     other words for its sentences
decide          on what it proposes
publish         a person's act: it is frozen, told, and carried out
"""

from zhanggui.steer.briefings.actions.carrying import Worded
from zhanggui.steer.briefings.actions.deciding import decide
from zhanggui.steer.briefings.actions.numbers import in_units
from zhanggui.steer.briefings.actions.writing import Polished, polish, publish, say, write

__all__ = ["Polished", "Worded", "decide", "in_units", "polish", "publish", "say", "write"]
