"""What a block may see and do while a turn runs."""
