"""The command line: `python -m core train|runs|evaluate|data`."""

import argparse
import sys

from core.commands import data, evaluate, runs, train
from core.errors import GlimpseError


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and returns the exit status. Prints a GlimpseError on standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m core", description="Train, watch and measure the methods of Glimpse."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (train, runs, evaluate, data):
        command.add_parser(commands)
    options = parser.parse_args(arguments)
    try:
        status: int = options.run_command(options)
    except GlimpseError as error:
        print(error, file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
