"""A passage -> its shots: stretches blocked at once, cut to clips, and put together."""
