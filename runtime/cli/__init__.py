"""The command line, for people and scripts: what the builder does by click, without a browser."""
