"""Wrong passwords, counted so that guessing is slow."""

from __future__ import annotations

from django.db import models


class FailedSignIn(models.Model):
    """One sign-in that did not succeed; kept for a day, as digests, not as addresses."""

    who_digest = models.BinaryField(max_length=16)
    from_digest = models.BinaryField(max_length=16)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "doors_console_failed_sign_in"
        indexes = [
            models.Index(fields=["who_digest", "at"], name="doors_console_failed_who"),
            models.Index(fields=["from_digest", "at"], name="doors_console_failed_from"),
        ]

    def __str__(self) -> str:
        return f"failed at {self.at:%Y-%m-%d %H:%M}"
