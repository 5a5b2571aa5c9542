"""The command line: `python -m core train|runs|evaluate|data`."""

import sys

from core import terminal


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and returns the exit status. Prints a GlimpseError on standard error."""
    from core import environment
    from core.errors import GlimpseError

    try:
        environment.check()
        return _run(arguments)
    except GlimpseError as error:
        print(error, file=sys.stderr)
        return 1


def _run(arguments: list[str] | None) -> int:
    import argparse

    from core.commands import data, evaluate, runs, train  # what Ctrl-C may come into

    parser = argparse.ArgumentParser(
        prog="python -m core", description="Train, watch and measure the methods of Glimpse."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (train, runs, evaluate, data):
        command.add_parser(commands)
    options = parser.parse_args(arguments)
    status: int = options.run_command(options)
    return status


if __name__ == "__main__":
    sys.exit(terminal.run(main))
