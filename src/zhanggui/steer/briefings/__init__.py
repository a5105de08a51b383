"""Briefings: what happened, why, and what to do next, written from the numbers and frozen with them.

Owns     steer_briefings_briefing: the document of a period, a draft until somebody publishes it; _words: what an
         operator or a polisher wrote in place of a sentence; _decision: what became of each proposal.
Ports    `ports.polishers`, who may write a sentence more smoothly.
Tells    steer.briefing_published; what was decided tells of itself as a goal or a play, caused by it.
Refuses  NoSuchBriefing, NothingKnown, PeriodUnfit, AlreadyPublished, WrittenMeanwhile, WordsUnfit, NoSuchFinding,
         NoSuchDecision, AlreadyCarriedOut, TargetUnfit.
Mind     a document holds kinds of findings and exact numbers, each with its question, and no sentence: a door makes
         those in the language of who reads. So the same inputs give the same document, byte for byte.
"""
