"""What every kind of provider has in common: the way there and back, and how one is asked."""
