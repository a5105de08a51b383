"""Looking for signals, deciding on them, keeping the risk register.

look                                 ask every detector about a day
snooze, dismiss, decide              what a person does about a signal
adopt, keep_risk, change_risk, drop  the risk register
"""

from zhanggui.steer.signals.actions.deciding import decide, dismiss, snooze
from zhanggui.steer.signals.actions.looking import look, look_at_ended_days
from zhanggui.steer.signals.actions.registering import adopt, change_risk, drop, keep_risk

__all__ = ["adopt", "change_risk", "decide", "dismiss", "drop", "keep_risk", "look", "look_at_ended_days", "snooze"]
