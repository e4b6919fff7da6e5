"""A run -> its report: a page, and for a long film a folder of media beside it."""
