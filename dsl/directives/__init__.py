"""One module a directive: the arguments of an `@line` -> a record of the story."""
