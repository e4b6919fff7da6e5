"""Clips of the drawn world -> who is seen, where, doing what: the embedded critic."""
