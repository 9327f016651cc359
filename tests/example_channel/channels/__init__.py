"""Where `discover` finds the channel."""
