"""Jobs of stages -> made by the workers of a Ray cluster; the store carries what they make."""
