"""Measurements -> verdicts on takes, remedies for what failed, and patches of the story."""
