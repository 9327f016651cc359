"""Where `discover` finds who plays it."""
