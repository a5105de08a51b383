"""Who carries messages and says what became of them, one file each.

tencent  text messages through Tencent Cloud, by its own SDK
"""
