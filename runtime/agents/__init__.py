"""What a user composed: the file, its library and history, what is to be corrected in it."""
