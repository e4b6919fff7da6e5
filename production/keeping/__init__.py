"""What is finished -> the same tomorrow and elsewhere: locks, comparisons, the store's upkeep."""
