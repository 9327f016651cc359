"""How a page reaches the browser: its files, what is told first, what may be asked."""
