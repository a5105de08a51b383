"""The relay: every reader of the log goes through it at its own pace.

Owns   spine_relay_cursor: how far each reader is, and why it stands still if it does.
Mind   what a reader does and its cursor's move are one transaction. A reader that fails holds only its own queue.
"""
