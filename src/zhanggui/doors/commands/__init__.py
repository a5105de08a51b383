"""The command `zhanggui`: starting the house, looking after it, and every job that is done at a terminal.

Owns     which command there is (main.COMMANDS), the processes of `run` and their supervision
Refuses  a port that is taken, a house that already runs
Mind     `run` and `doctor` load no Django themselves: they must work when it cannot start
"""
