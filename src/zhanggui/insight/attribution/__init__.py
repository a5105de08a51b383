"""Which channels and campaigns brought the money, by several models side by side, and what they cost.

Owns     insight_attribution_spend: what advertising cost, by day, channel and campaign.
         insight_attribution_file: the files that said so, with the lines that were refused.
Tells    insight.spend_recorded
Refuses  FileUnreadable, FileTooLong, NoSuchFile
Mind     a touch is the start of a visit; what brought it is decided on its way in (utm, click id, referrer, direct; see
         `spine.sightings.rules.visits`). Each order's money is split to the minor unit, so every model sums to all that
         was paid.
"""
