"""Which paths are not the pages': whoever stands in front leads them to the gateways."""

CALLBACKS = "c"
OTHERS = (
    "a2a", "ag-ui", "agent", "back", "chat", "desk", "files", "hooks", "made", "mcp", "my-data", "r", "v1",
)  # fmt: skip
"""First words of paths."""
