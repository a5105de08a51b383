"""The verbs of messages.

plan, stop             a step for many people
send_due, send_some    what is due, once to each
click, withdraw        what people do with a letter
recall                 letters on their way to who withdrew the consent
set_terms              quiet hours, the number of messages, what they cost
erase                  who is to be forgotten
"""

from zhanggui.growth.messages.actions.answering import click, recall, withdraw
from zhanggui.growth.messages.actions.keeping import erase, set_terms
from zhanggui.growth.messages.actions.planning import plan, stop
from zhanggui.growth.messages.actions.sending import send_due, send_some

__all__ = [
    "click",
    "erase",
    "plan",
    "recall",
    "send_due",
    "send_some",
    "set_terms",
    "stop",
    "withdraw",
]
