"""Numbered records of 4 KiB in one file, each position's content known from its number: what was acknowledged can be proven later.

fill FILE COUNT           every position with record 0 of that position
run FILE JOURNAL RATE [SPAN]
                          writes record after record, RATE a second, each synced and then noted in JOURNAL; checks one other between two.
                          Written are the first SPAN positions (all)
read FILE LOG             reads at random without a pause; each second `END CLASS:COUNT ...` goes to LOG, by how long they took
check FILE JOURNAL...     exits 1 unless each position holds its newest acknowledged record, or a newer one whose end nobody saw
latency FROM TO JOURNAL LOG...
                          of what was done between these times: reads a second, p50 and p99 in ms, and the same of writes
"""
import collections
import hashlib
import math
import mmap
import os
import random
import signal
import sys
import time

SIZE = 4096
STEP = 7919  # prime: consecutive records lie far apart
PAUSE = 0.5  # seconds; longer ones are noted
CLASS = 1.05  # times are told apart by this ratio


def content(position, number):
    head = b"%d %d " % (position, number)
    return head + hashlib.shake_128(head).digest(SIZE - len(head))


def numbered(position, data):
    """The number of the record that lies there whole; None for anything else."""
    try:
        number = int(data[:64].split(b" ", 2)[1])
    except (IndexError, ValueError):
        return None
    return number if content(position, number) == data else None


def whose(data):
    """The position whose record, of any number, this is whole; None for anything else."""
    try:
        position = int(data[:64].split(b" ", 1)[0])
    except ValueError:
        return None
    return position if numbered(position, data) is not None else None


def position_of(number, count):
    return number * STEP % count


def latency_class(seconds):
    return round(math.log(max(seconds, 1e-6) * 1000, CLASS))


def fill(path, count):
    with open(path, "wb", 1 << 20) as file:
        for position in range(count):
            file.write(content(position, 0))
        file.flush()
        os.fsync(file.fileno())


class Records:
    """The file past the page cache: what is read was read from the disk."""

    def __init__(self, path):
        self.file = os.open(path, os.O_RDWR | os.O_DIRECT)
        self.count = os.fstat(self.file).st_size // SIZE
        self.buffer = mmap.mmap(-1, SIZE)

    def read(self, position):
        if os.preadv(self.file, [self.buffer], position * SIZE) != SIZE:
            raise OSError("short read at record %d" % position)
        return self.buffer[:]

    def all(self):
        """Every record in turn, read by the megabyte."""
        many = mmap.mmap(-1, 256 * SIZE)
        for first in range(0, self.count, 256):
            read = os.preadv(self.file, [many], first * SIZE)
            for offset in range(0, read, SIZE):
                yield many[offset : offset + SIZE]

    def write(self, position, data):
        self.buffer[:] = data
        if os.pwritev(self.file, [self.buffer], position * SIZE) != SIZE:
            raise OSError("short write at record %d" % position)
        os.fdatasync(self.file)


def run(path, journal_path, rate, span):
    ending = []
    signal.signal(signal.SIGTERM, lambda *_: ending.append(True))
    records = Records(path)
    span = span or records.count
    state = path + ".next"
    number = int(open(state).read()) if os.path.exists(state) else 1
    reserve = number
    chance = random.Random(number)
    with open(journal_path, "a", 1) as journal:
        journal.write("start %d %.3f %d\n" % (number, time.time(), span))
        due = last = time.monotonic()
        while not ending:
            if number >= reserve:
                # numbers are taken in hundreds, before they are used: none is ever used twice
                reserve = number + 100
                with open(state + ".new", "w") as file:
                    file.write("%d" % reserve)
                    file.flush()
                    os.fsync(file.fileno())
                os.rename(state + ".new", state)
                directory = os.open(os.path.dirname(path), os.O_RDONLY)
                os.fsync(directory)
                os.close(directory)
            position = position_of(number, span)
            began = time.monotonic()
            records.write(position, content(position, number))
            journal.write("ack %d %.3f %.2f\n" % (number, time.time(), (time.monotonic() - began) * 1000))
            os.fdatasync(journal.fileno())  # a power cut of the guest takes what its kernel still holds of the journal
            number += 1
            position = chance.randrange(records.count)
            if numbered(position, records.read(position)) is None:
                journal.write("bad %d %.3f\n" % (position, time.time()))
                sys.exit("record at %d is none" % position)
            now = time.monotonic()
            if now - last > PAUSE:
                journal.write("pause %.3f %.3f\n" % (now - last, time.time()))
            due = max(due + 1 / rate, now - 1)
            time.sleep(max(0.0, due - now))
            last = time.monotonic()
        journal.write("stop %d %.3f\n" % (number, time.time()))


def read(path, log_path):
    records = Records(path)
    with open(log_path, "a", 1) as log:
        while True:
            took, end = collections.Counter(), time.monotonic() + 1
            while time.monotonic() < end:
                began = time.monotonic()
                position = random.randrange(records.count)
                if numbered(position, records.read(position)) is None:
                    sys.exit("record at %d is none" % position)
                took[latency_class(time.monotonic() - began)] += 1
            log.write("%.1f %s\n" % (time.time(), " ".join("%d:%d" % pair for pair in sorted(took.items()))))


def latency(since, until, journal, logs):
    reads, writes = collections.Counter(), collections.Counter()
    for log in logs:
        for line in open(log):
            end, *classes = line.split()
            if since <= float(end) - 1 and float(end) <= until:
                for one in classes:
                    reads.update(dict([map(int, one.split(":"))]))
    for line in open(journal):
        word, *rest = line.split()
        if word == "ack" and since <= float(rest[1]) <= until:
            writes[latency_class(float(rest[2]) / 1000)] += 1
    print(*(text for took in (reads, writes) for text in of_latency(took, until - since)))


def of_latency(took, seconds):
    total, seen, found = sum(took.values()), 0, []
    for one in sorted(took):
        seen += took[one]
        found += ["%.1f" % CLASS**one] * sum(1 for part in (0.5, 0.99)[len(found) :] if seen >= total * part)
    return ["%.0f" % (total / seconds)] + (found or ["-", "-"])


def check(path, journals):
    records = Records(path)
    acknowledged, times, problems = {}, [], []
    for journal in journals:
        span = records.count
        for line in open(journal):
            word, *rest = line.split()
            if word == "start":
                span = int(rest[2])
            elif word == "ack":
                number = int(rest[0])
                position = position_of(number, span)
                acknowledged[position] = max(number, acknowledged.get(position, 0))
                times.append((number, float(rest[1])))
            elif word == "bad":
                problems.append("while running, the record at %s was none" % rest[0])
    times.sort()
    for (one, before), (other, after) in zip(times, times[1:]):
        if one == other or after < before:
            problems.append("records %d and %d were written by two at a time" % (one, other))
    for position, data in enumerate(records.all()):
        least = acknowledged.get(position, 0)
        found = numbered(position, data)
        if found is None or found < least:
            problems.append("position %d holds %s, acknowledged was %d" % (position, found, least))
    print("%d acknowledged writes, %d records: %s" % (len(times), records.count, "all there" if not problems else "NOT all there"))
    for problem in problems[:20]:
        print("  " + problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    command = sys.argv[1]
    if command == "fill":
        fill(sys.argv[2], int(sys.argv[3]))
    elif command == "run":
        run(sys.argv[2], sys.argv[3], float(sys.argv[4]), int(sys.argv[5]) if len(sys.argv) > 5 else None)
    elif command == "read":
        read(sys.argv[2], sys.argv[3])
    elif command == "check":
        check(sys.argv[2], sys.argv[3:])
    elif command == "latency":
        latency(float(sys.argv[2]), float(sys.argv[3]), sys.argv[4], sys.argv[5:])
    else:
        sys.exit(__doc__)
