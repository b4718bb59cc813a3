"""Many requests at the same moment, each with a connection of its own."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import TypeVar

from django.db import connection

One = TypeVar("One")
Result = TypeVar("Result")


def together(act: Callable[[One], Result], ones: Sequence[One]) -> list[Result]:
    """Promise: what `act` answered for each, all begun together; the first error of any is raised."""
    start, answers, errors = Barrier(len(ones)), [], []

    def run(one: One) -> None:
        try:
            connection.ensure_connection()
            start.wait(30)
            answers.append(act(one))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(one,)) for one in ones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]
    return answers
