"""The worker keeps the index of its node in step, and looks it over every night."""

from procrastinate.contrib.django import app

from backnumber.search import service


@app.periodic(cron="* * * * *")
@app.task(queue="search", queueing_lock="search-follow")
def follow(timestamp: int) -> None:
    service.follow()


@app.periodic(cron="17 3 * * *")
@app.task(queue="search", queueing_lock="search-check")
def check(timestamp: int) -> None:
    service.check()
