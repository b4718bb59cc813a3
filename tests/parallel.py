"""Many at the same moment, each in a thread and with a connection of its own."""

from collections.abc import Callable, Sequence
from functools import partial
from threading import Barrier, Thread
from typing import TypeVar

from django.db import connection

One = TypeVar("One")
Result = TypeVar("Result")


def together(act: Callable[[One], Result], ones: Sequence[One]) -> list[Result]:
    """Promise: what `act` answered for each, all begun together; the first error of any is raised."""
    answers, errors = tried(*(partial(act, one) for one in ones))
    if errors:
        raise errors[0]
    return answers


def tried(*work: Callable[[], Result]) -> tuple[list[Result], list[Exception]]:
    """Promise: what they answered and how they failed, all begun together."""
    start, answers, errors = Barrier(len(work)), [], []

    def run(job: Callable[[], Result]) -> None:
        try:
            connection.ensure_connection()
            start.wait(30)
            answers.append(job())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(job,)) for job in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers, errors
