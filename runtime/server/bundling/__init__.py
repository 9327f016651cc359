"""Modules of ours in JavaScript, sheets and files as browsers get them: joined, small, and kept for ever."""
