"""How fast the weekly mail goes out: 100,000 recipients into a mail server of this machine that throws everything away.

    python bench/weekly.py [RECIPIENTS]

Beside it stands what the same server takes from a bare sender, smtplib and nothing else, over as many connections, with a mail of the
same length; in the same run, so that the machine is known by it.
"""

import json
import os
import subprocess
import sys
import tempfile

from results import machine, write

SENDERS = 2
SINK = """
import asyncio, sys
class Smtp(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.rest, self.in_data = transport, b"", False
        transport.write(b"220 sink\\r\\n")
    def data_received(self, data):
        self.rest += data
        while True:
            if self.in_data:
                end = self.rest.find(b"\\r\\n.\\r\\n")
                if end < 0:
                    return
                self.rest, self.in_data = self.rest[end + 5:], False
                self.transport.write(b"250 taken\\r\\n")
            line, found, rest = self.rest.partition(b"\\r\\n")
            if not found:
                return
            self.rest, word = rest, line[:4].upper()
            if word == b"DATA":
                self.in_data = True
                self.transport.write(b"354 go on\\r\\n")
            else:
                self.transport.write(b"221 bye\\r\\n" if word == b"QUIT" else b"250 ok\\r\\n")
async def main():
    server = await asyncio.get_running_loop().create_server(Smtp, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
BARE = """
import smtplib, sys, time
port, count, length = map(int, sys.argv[1:])
content = (b"Subject: bare\\r\\n\\r\\n" + b"seventy bytes of text, more or less, as long as lines of a mail are.\\r\\n" * (length // 70))
server = smtplib.SMTP("127.0.0.1", port)
began = time.monotonic()
for n in range(count):
    server.sendmail("post@example.com", [f"r{n}@example.org"], content)
print(time.monotonic() - began)
"""
FILL = """
import json, sys, time
import django
django.setup()
from django.utils import timezone
from backnumber.demo import loading
from backnumber.longread import editions, letters
from backnumber.longread.models import Edition, LongRead, Recipient
count, now = int(sys.argv[1]), timezone.now()
loading.load(now, lambda _: None)
loading.choose_long_reads(now)
made = (Recipient(email=f"r{n}@example.org", asked_at=now, confirmed_at=now) for n in range(count))
Recipient.objects.bulk_create(made, batch_size=5000)
from backnumber.longread.queries import this_week
began = time.monotonic()
edition = editions.freeze(this_week(now), now)
froze = time.monotonic() - began
editions.move(edition.pk, "start", now)
letter = letters.Letter(edition.subject, edition.text, edition.html)
length = len(letters.Written(letter).for_recipient(Recipient.objects.first()).content)
print(json.dumps({"froze": froze, "length": length}))
"""
SEND = """
import json, resource, time
import django
django.setup()
from django.utils import timezone
from backnumber.longread import editions, sending
from backnumber.longread.models import Edition
edition = Edition.objects.get()
began = time.monotonic()
sending.work(edition, timezone.now)
print(json.dumps({"began": began, "ended": time.monotonic(), "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "handed": editions.report(edition).handed_over}))
"""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    sink = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE)
    assert sink.stdout
    port = int(sink.stdout.readline())
    with tempfile.TemporaryDirectory() as var:
        environment = {
            **os.environ,
            "BACKNUMBER_VAR": var,
            "DJANGO_SETTINGS_MODULE": "backnumber.settings",
            "SMTP_URL": f"smtp://127.0.0.1:{port}",
        }
        environment.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=environment, check=True)
        filled = json.loads(_run(FILL, environment, str(count))[-1])
        bare = _bare(port, min(count, 20_000), filled["length"])
        sent = [json.loads(lines[-1]) for lines in _together([SEND] * SENDERS, environment)]
        seconds = max(one["ended"] for one in sent) - min(one["began"] for one in sent)
    sink.kill()
    assert max(one["handed"] for one in sent) == count, sent
    section = _section(count, filled, bare, seconds, max(one["peak"] for one in sent))
    write("weekly", section)
    print(section)


def _run(program: str, environment: dict[str, str], *words: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", program, *words], env=environment, check=True, capture_output=True, text=True
    )
    return ran.stdout.strip().splitlines()


def _together(programs: list[str], environment: dict[str, str], *words: str) -> list[list[str]]:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", p, *words], env=environment, stdout=subprocess.PIPE, text=True
        )
        for p in programs
    ]
    return [(one.communicate()[0] or "").strip().splitlines() for one in started]


def _bare(port: int, count: int, length: int) -> float:
    """Mails a second."""
    ran = _together([BARE] * SENDERS, dict(os.environ), str(port), str(count // SENDERS), str(length))
    return count / max(float(lines[-1]) for lines in ran)


def _section(count: int, filled: dict[str, float], bare: float, seconds: float, peak: float) -> str:
    rate = count / seconds
    return f"""## The weekly mail

{count:,} recipients, each with a mail of their own of {filled["length"] / 1000:.0f} kB, from {SENDERS} senders into a mail server on the same machine that throws
everything away; beside it smtplib alone, with a mail of that length, into the same server over as many connections, in the same run.

| | |
|---|---|
| the audience is frozen in | {filled["froze"]:.1f} s |
| handed over in | {seconds:.0f} s |
| mails a second | {rate:,.0f} |
| mails a second of a bare sender | {bare:,.0f} |
| of the bare sender | {100 * rate / bare:.0f}% |
| memory of a sender, at most | {peak:.0f} MB |

{machine("Django", "psycopg")}; `make bench-mail`.
"""


if __name__ == "__main__":
    main()
