"""Segments: the people behind a bar, a step, a cell or a path, kept under a name.

Owns     insight_segments_segment: names and what each asks for; insight_segments_member: the people of frozen ones.
Tells    insight.segment_frozen.
Refuses  NoSuchSegment, NameTaken, NameUnfit, TermsUnfit.
Mind     a live segment is a question that is asked again each time; a frozen one is a list that never changes. What a
         kind of question means is known by the analysis that plugs itself into `ports.people`. Ids of people only:
         whoever erases a person takes it out of `insight_segments_member` through `actions.erase`.
"""
