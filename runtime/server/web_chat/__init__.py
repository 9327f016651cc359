"""The conversation in a browser: a page of its own, and a widget within another site, from one script."""
