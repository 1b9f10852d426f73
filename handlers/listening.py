"""Serving web applications inside the bot's own loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.applications import Starlette


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to whoever runs it, and stops at once when told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stop = asyncio.Event()

    async def main_loop(self) -> None:
        await self.stop.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: Starlette, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve the application in this loop and give its address; port 0 takes a free one.

    Raises OSError when the address can't be had. Streams that never end are the application's to end first.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, as asyncio turns Nagle's delay off only where the socket says so itself: 40 ms an answer.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
        config = uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            access_log=False,
            log_level="warning",
            log_config=None,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            while not server.started:
                if task.done():
                    task.result()
                    raise OSError("the web server could not start")
                await asyncio.sleep(0.002)
            named = f"[{host}]" if ":" in host else host
            yield f"http://{named}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            server.stop.set()
            await asyncio.wait([task])
