"""The command line: ``ann-dashboard``, or ``python -m ann_dashboard``, opens the dashboard in the browser."""

import argparse
import contextlib
import sys


def port(text: str) -> int:
    """A port number from the command line. Raises ArgumentTypeError with the cure."""
    if not text.isdecimal() or not int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a whole number from 1024 to 65535, or 0 for a free one")
    return int(text)


def arguments() -> argparse.ArgumentParser:
    """What the command line understands."""
    parser = argparse.ArgumentParser(
        prog="ann-dashboard",
        description="Open the neural network dashboard in the browser. It is served from this computer; Ctrl+C stops it.",
    )
    parser.add_argument("--port", type=port, default=0, help="port to serve on; 0, the default, takes a free one")
    parser.add_argument(
        "--ip", default="127.0.0.1", help="address to serve on: 127.0.0.1, the default, for this computer only; 0.0.0.0 for the network"
    )
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Serve the dashboard until Ctrl+C. Returns the exit code: 0, or 2 if the address cannot be used."""
    options = arguments().parse_args(argv)
    with contextlib.suppress(KeyboardInterrupt):
        from ann_dashboard import serving  # loads Voila: not for --help

        try:
            sockets = serving.listen(options.ip, options.port)
        except OSError as error:
            cure = "Leave out --port to take a free one, and --ip to serve this computer only."
            print(f"ann-dashboard cannot serve on {options.ip} port {options.port}: {error.strerror}. {cure}", file=sys.stderr)
            return 2
        serving.serve(sockets, open_browser=not options.no_browser)
    return 0


if __name__ == "__main__":
    sys.exit(main())
