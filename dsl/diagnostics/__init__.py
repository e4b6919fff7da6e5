"""Mistakes of a page -> codes, messages and reports: text, JSON, SARIF, JUnit."""
