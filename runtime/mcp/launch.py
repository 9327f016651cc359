"""Become an MCP program that ends with whoever started it: `python -m runtime.mcp.launch PARENT COMMAND…`."""

import os
import sys

from runtime import child_process

MEMORY = 4 << 30
"""Bytes of data; Node alone takes one."""


def main() -> None:
    child_process.settle(int(sys.argv[1]), MEMORY)
    try:
        os.chdir("/")
        os.execvp(sys.argv[2], sys.argv[2:])
    except OSError:
        sys.exit(127)


if __name__ == "__main__":
    main()
