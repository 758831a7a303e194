"""Reads a disk in pieces of 64 KiB, past the page cache, and compares with a list of all ranges that are said to be missing, FIRST LAST a line.

survey.py DISK MISSING local     reads what is said to be there; exits 1 unless all of it answers
survey.py DISK MISSING rescue    reads everything; exits 1 if anything fails but what is said to be missing, or nothing does
survey.py DISK MISSING records COUNT
                                 looks for the COUNT records of a workload `writer`; exits 1 if more of them are gone than is said to be
                                 missing, or what is said to be missing is not zero
"""
import errno
import mmap
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "workloads"))
import records  # noqa: E402

PIECE = 65536
mode = sys.argv[3]
disk = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT)
missing = [tuple(map(int, line.split())) for line in open(sys.argv[2])]
buffer = mmap.mmap(-1, PIECE)
size = os.lseek(disk, 0, os.SEEK_END)
read = failed = 0
found = set()
wrong = []
slowest = 0.0
for offset in range(0, size, PIECE):
    gone = any(first <= offset + PIECE - 1 and offset <= last for first, last in missing)
    if gone and mode == "local":
        continue
    began = time.monotonic()
    try:
        length = os.preadv(disk, [buffer], offset)
        read += 1
    except OSError as failure:
        failed += 1
        if failure.errno != errno.EIO or not gone:
            wrong.append("%d: %s" % (offset, failure))
        continue
    finally:
        slowest = max(slowest, time.monotonic() - began)
    if mode == "records":
        if gone and any(buffer[:length]):
            wrong.append("%d: is said to be missing and is not zero" % offset)
        for page in range(0, length, records.SIZE):
            position = records.whose(buffer[page : page + records.SIZE])
            if position is not None:
                found.add(position)
if mode == "records":
    # a record's page is here, or said to be missing
    count = int(sys.argv[4])
    pages = sum(last + 1 - first for first, last in missing) // records.SIZE
    print("%d of %d records are here; %d pages are said to be missing" % (len(found), count, pages))
    if not found or count - len(found) > pages:
        wrong.append("more records are gone than pages are said to be missing")
else:
    print("%d MiB of %d read, the slowest 64 KiB in %.2f s; %d MiB failed" % (read * PIECE >> 20, size >> 20, slowest, failed * PIECE >> 20))
for words in wrong[:10]:
    print("  " + words)
sys.exit(1 if wrong or not read or (mode == "rescue") != (failed > 0) else 0)
