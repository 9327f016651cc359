"""What of an installation stands open, to whom, and how it is closed. Looks, and changes nothing."""
