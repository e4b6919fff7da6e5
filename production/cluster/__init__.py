"""`--on` -> the workers of a cluster: the executor that sends to them, and what each of them is."""
