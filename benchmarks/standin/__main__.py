"""Run the stand-in until its input ends: `python -m benchmarks.standin`; it prints its port first."""

import argparse
import asyncio
import gc
import sys
from contextlib import suppress

import uvloop

from benchmarks.standin.calls import Telegram
from benchmarks.standin.serving import Connection


async def serve(port: int) -> None:
    loop, telegram = asyncio.get_running_loop(), Telegram()
    server = await loop.create_server(lambda: Connection(telegram), "127.0.0.1", port, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Whoever started it holds the other end: when that is gone, so is the stand-in.
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--port", type=int, default=0)
    port = asking.parse_args().port
    gc.freeze()
    gc.disable()
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(port))


if __name__ == "__main__":
    main()
