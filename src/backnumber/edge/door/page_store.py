"""The page store, in PostgreSQL: one query, with a time-out, over a few connections."""

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from backnumber.edge.page.store_sql import FETCH

Conninfo = Callable[[], str]
SECONDS = 2.0


class Unreachable(RuntimeError):
    """The database did not answer in time."""


class PageStore:
    """`build` names the templates and settings that pages were rendered with: those of another are not used."""

    def __init__(self, conninfo: Conninfo, build: str) -> None:
        self._conninfo = conninfo
        self._build = build
        self._pool: AsyncConnectionPool[Any] | None = None

    async def fetch(self, address: str) -> bytes | None:
        """Promise: the page as stored, if it is there and good. Errors: Unreachable."""
        try:
            pool = await self._opened()
            async with pool.connection(timeout=SECONDS) as connection:
                cursor = await connection.execute(FETCH, {"address": address, "build": self._build})
                row = await cursor.fetchone()
        except (psycopg.Error, PoolTimeout, OSError) as error:
            raise Unreachable(str(error)) from error
        return bytes(row[0]) if row else None

    async def _opened(self) -> AsyncConnectionPool[Any]:
        if self._pool is None:
            pool = AsyncConnectionPool(
                self._conninfo(),
                min_size=1,
                max_size=4,
                open=False,
                timeout=SECONDS,
                check=AsyncConnectionPool.check_connection,
                kwargs={"autocommit": True, "options": f"-c statement_timeout={int(SECONDS * 1000)}"},
            )
            self._pool = pool
            await pool.open()
        return self._pool

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
