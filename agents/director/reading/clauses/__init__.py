"""A parsed sentence -> its clauses and verbless parts, and what each says."""
