"""An answer as chats can carry it: Markdown made plain, formulas readable, long texts cut."""
