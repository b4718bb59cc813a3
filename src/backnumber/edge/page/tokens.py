"""What nobody in particular carries: the articles they read by the meter, and the gift link they came by. Both are sealed.

The content is a row of numbers, seven bits a byte, the least first, the top bit set on all but the last (LEB128).
A cookie that is not ours, or not whole, is worth as much as none.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from backnumber.access import Gift, Read
from backnumber.edge.page.cookie_names import host_cookie, path_cookie
from backnumber.edge.page.seals import Keyring

METER_COOKIE = host_cookie("reads")
GIFT_COOKIE = path_cookie("gift")
MOST_READS = 64
_BYTES_A_NUMBER = 9  # 63 bits: what a key of PostgreSQL's bigint can be
_ALWAYS = int(datetime(9000, 1, 1, tzinfo=UTC).timestamp())


def reads_from(cookie: str, keys: Keyring, now: datetime, period: timedelta) -> tuple[Read, ...]:
    """Promise: the reads that still count at `now`, to the minute; none for a cookie that is not ours."""
    numbers = _opened(cookie, keys)
    if numbers is None or len(numbers) % 2 or len(numbers) > 2 * MOST_READS:
        return ()
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    if any(minute * 60 >= _ALWAYS for _, minute in pairs):
        return ()
    reads = (Read(article, _instant(minute * 60)) for article, minute in pairs)
    return tuple(read for read in reads if read.at > now - period)


def reads_cookie(reads: Iterable[Read], keys: Keyring) -> str:
    """Promise: the sealed reads, the oldest first; the latest `MOST_READS` of them, which is as many as an allowance can be."""
    kept = sorted(reads, key=lambda read: (read.at, read.article))[-MOST_READS:]
    return keys.seal(b"".join(_bytes(read.article) + _bytes(_seconds(read.at) // 60) for read in kept))


def gift_cookie(gift: Gift, keys: Keyring) -> str:
    """Promise: the sealed gift; its end loses what is less than a second."""
    return keys.seal(b"".join(map(_bytes, (gift.article, gift.id, _seconds(gift.until)))))


def gift_from(cookie: str, keys: Keyring) -> Gift | None:
    """Promise: the gift we sealed, ended or not; None for a cookie that is not ours."""
    numbers = _opened(cookie, keys)
    if numbers is None or len(numbers) != 3 or numbers[2] >= _ALWAYS:
        return None
    article, key, until = numbers
    return Gift(key, article, _instant(until))


def _opened(cookie: str, keys: Keyring) -> tuple[int, ...] | None:
    content = keys.opened(cookie)
    return None if content is None else _numbers(content)


def _numbers(content: bytes) -> tuple[int, ...] | None:
    """None when the last number is cut short, one is too long, or one is spelled longer than it need be."""
    found, value, length = [], 0, 0
    for byte in content:
        value |= (byte & 0x7F) << 7 * length
        length += 1
        if byte & 0x80:
            if length == _BYTES_A_NUMBER:
                return None
        elif byte == 0 and length > 1:
            return None
        else:
            found.append(value)
            value = length = 0
    return None if length else tuple(found)


def _bytes(number: int) -> bytes:
    """Errors: ValueError for a number no key is: below zero, or of more than 63 bits."""
    if not 0 <= number < 1 << 7 * _BYTES_A_NUMBER:
        raise ValueError(f"{number} is no number of a cookie")
    spelled = bytearray()
    while number > 0x7F:
        spelled.append(number & 0x7F | 0x80)
        number >>= 7
    spelled.append(number)
    return bytes(spelled)


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
