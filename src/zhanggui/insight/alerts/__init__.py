"""What is normal: the band in which a number of a day is expected, and the days that lie outside it.

Owns     insight_alerts_deviation: what lay outside its band; insight_alerts_normal: the bands of whole-shop numbers;
         insight_alerts_looked: days that were looked at; insight_alerts_known_day: days that are known to differ.
Tells    insight.deviation_found, once per number, cell and day.
Refuses  KnownDayUnfit, NoSuchKnownDay.
Mind     a band is made of the days before its own only, and of days that are over. A number of which nothing is known,
         or less than four weeks, has none and is silent; so are days that are known to differ.
"""
