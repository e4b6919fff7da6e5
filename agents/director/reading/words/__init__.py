"""Tables of English: phrases, verbs, things and people by their words. No rules."""
