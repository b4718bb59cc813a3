"""The worker reads what no publication brought: imports, what was changed by hand, what the rules read otherwise now."""

from procrastinate.contrib.django import app

from backnumber.past import bulk


@app.periodic(cron="* * * * *")
@app.task(queue="past", queueing_lock="past-follow")
def follow(timestamp: int) -> None:
    bulk.follow()
