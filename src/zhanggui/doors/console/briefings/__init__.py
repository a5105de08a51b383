"""Briefings as they are read: told in a language, on a page, on paper, as slides and as a workbook."""
