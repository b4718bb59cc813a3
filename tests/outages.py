"""A cable to the database of the tests that can be pulled out: connections through it break, and new ones are refused."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from django.db import connection


class Cable:
    """`address` is a DATABASE_URL."""

    def __init__(self, folder: Path) -> None:
        params = connection.get_connection_params()
        self._far_end = f"{params['host']}/.s.PGSQL.{params.get('port') or 5432}"
        self._near_end = folder / ".s.PGSQL.5432"
        named = {"host": str(folder), "user": str(params["user"])}
        self.address = f"postgresql:///{params['dbname']}?{urlencode(named)}"
        self.refused = 0
        self._is_in = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def begin(self) -> None:
        self._thread.start()
        server = asyncio.start_unix_server(self._carry, str(self._near_end))
        self._server = asyncio.run_coroutine_threadsafe(server, self._loop).result(5)

    def end(self) -> None:
        self.pull()
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def pull(self) -> None:
        self._is_in = False
        self._loop.call_soon_threadsafe(self._close_all)

    def plug_in(self) -> None:
        self._is_in = True

    def _close_all(self) -> None:
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_in:
            self.refused += 1
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_unix_connection(self._far_end)
        self._writers |= {writer, far_writer}
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await reader.read(65_536):
            writer.write(some)
            await writer.drain()
    writer.close()


@contextmanager
def cable() -> Iterator[Cable]:
    with TemporaryDirectory(prefix="db") as folder:  # a socket's path may have 107 bytes at most
        made = Cable(Path(folder))
        made.begin()
        try:
            yield made
        finally:
            made.end()
