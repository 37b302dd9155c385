"""Entry point: what chezmoi itself starts goes past the command line, since people wait for it."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys


def main() -> int:
    """Run the program and return its exit code; no traceback for anything that a person can cause."""
    os.umask(os.umask(0) & 0o077)  # the owner can always read what is written
    try:
        code = _dispatch(sys.argv[1:])
        gc.freeze()  # the process ends: Python would look once more for cycles among all objects
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _give_up("")
    except OSError as error:
        # all files are named; without a name it is the working folder, which is gone, or the output
        is_gone = isinstance(error, FileNotFoundError)
        nameless = "the working folder" if is_gone else "standard output cannot be written"
        what = error.filename or nameless
        return _give_up(f"{what}: {error.strerror}" if error.strerror else str(error))
    return code


def _dispatch(arguments: list[str]) -> int:
    if arguments in (["hook"], ["hook", "-"]):
        gc.disable()  # a run is short: looking for cycles takes a tenth of it, and finds next to none
        from chezmoi_llm.world import hook  # noqa: PLC0415

        return hook.run(arguments[1:])
    if sys.stdout is None:
        return _give_up("stdout is closed")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # the same bytes in any locale, and any file name
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    if arguments == ["expand"]:
        from chezmoi_llm.world import output  # noqa: PLC0415

        return output.run()
    from chezmoi_llm.world import cli  # noqa: PLC0415

    return cli.main()


def _give_up(problem: str) -> int:
    """Say why, and keep Python from writing once more at its end to a stdout that takes nothing."""
    if problem:
        with contextlib.suppress(OSError):  # there may be no place left to say it
            print(f"chezmoi-llm: {problem}", file=sys.stderr, flush=True)  # noqa: T201
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 3


if __name__ == "__main__":
    sys.exit(main())
