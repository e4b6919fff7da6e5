"""Words for people that are no names: whom descriptions, plurals and pronouns mean."""
