"""Zhanggui (掌柜): a shop and everything that runs it, in one program."""

__version__ = "0.1.0"
