"""Signals: what is going wrong or could be won, with its size in money, its evidence and the one play proposed for it.

Owns     steer_signals_signal: the inbox; steer_signals_looked: which detector has looked at which day;
         steer_signals_risk: the risk register; steer_signals_was_risk: what its risks were before.
Asks     every detector plugged into `ports.detectors`, once per day of a shop.
Tells    steer.signal_raised, once each time a signal opens.
Refuses  what `errors` lists.
Mind     false alarms are the enemy: whoever looks at many cells says how many, and money is asked for before words.
"""
