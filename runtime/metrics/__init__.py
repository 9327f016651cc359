"""What is counted and timed: what there is of it, and how several processes tell it."""
