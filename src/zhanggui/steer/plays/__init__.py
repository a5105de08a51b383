"""Plays: from a signal to a filled-in action, and from the action to money that would not have come otherwise.

Owns     steer_plays_play: plans and how far they have come; steer_plays_step: what a start did and how to undo it;
         steer_plays_look: one look at a running play per day; steer_plays_effect: the ledger of effects, append-only;
         steer_plays_limit: what one person may start alone.
Tells    steer.play_proposed, steer.play_started, steer.play_stopped, steer.effect_measured.
Hears    nothing: the clock looks once a day.
Refuses  NoSuchPlay, PlanUnfit, MoveNotAllowed, SignalTaken, ChangedMeanwhile; of a page PageUnfit, PageTaken.
Mind     where people are treated, or shown another page, some are held out by hash and the difference is the effect.
         Where everybody meets it (a price, a promotion, a delisting, a task), the shop's own season is all there is to
         compare with: the weaker evidence, and it says so. What is attributed to a play is kept beside, in a type of
         its own, and never added.
"""
