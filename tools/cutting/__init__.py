"""Clips -> one film file with subtitles."""
