"""The console: pages from which the business is run; all of them work without a script.

Owns     doors_console_failed_sign_in: wrong passwords of the last day, so that guessing is slow.
Knows    what a page is about (`scope`: shop, period, comparison, filters), which always stands in its address, and who
         may see it (`gate`).
Refuses  whoever is not signed in or lacks the right; nothing here shows a person's name, address or mail.
"""
