"""`python -m runtime.simulator [--channel NAME] --port 8091`: the fake API host of a channel's platform.

What else it takes is the channel's own, and told by `--help`.
"""

import argparse
import importlib.util
import runpy
import sys

from runtime.simulator import as_server, registry


def main() -> None:
    played = sorted(registry())
    parser = argparse.ArgumentParser(prog="python -m runtime.simulator", add_help=False, allow_abbrev=False)
    parser.add_argument("--channel", choices=played, default=played[0])
    given, rest = parser.parse_known_args()
    sys.argv[1:] = rest
    own = f"runtime.simulator.{given.channel}"
    if importlib.util.find_spec(f"{own}.__main__"):
        runpy.run_module(own, run_name="__main__")
    else:
        as_server.run(given.channel, registry()[given.channel])


if __name__ == "__main__":
    main()
