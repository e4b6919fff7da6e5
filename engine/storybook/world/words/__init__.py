"""A drawn scene -> captions."""
