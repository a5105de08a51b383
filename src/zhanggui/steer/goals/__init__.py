"""Goals: what a number of the dictionary is to be in a period, who answers for it, and how it stands.

Owns     steer_goals_goal: goals and their parts; steer_goals_change: what was changed, never rewritten;
         steer_goals_team, steer_goals_member: who works at them together; steer_goals_objective: what a team wants, in
         words, measured by goals.
Tells    steer.goal_set, steer.goal_missed.
Refuses  GoalIncomplete, GoalUnfit, NoSuchGoal, PartsDoNotAddUp, DoesNotAddUp, NothingToBalance, PartOfWhole,
         AlreadySplit, TeamUnfit, NoSuchTeam, NoSuchObjective, NotReady, BaselineKnown.
Mind     the parts of a sum add up to it to the minor unit, which the database checks when a transaction ends. Progress
         is read from the metrics, the cohorts and the books of returns, nobody types it in. What is expected of a day
         comes from the shop's own earlier days. Where a goal starts from may be found out later, and never is 0 for it.
"""
