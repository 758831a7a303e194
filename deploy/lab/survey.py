"""Reads a disk in pieces of 64 KiB, past the page cache, and compares with a list of ranges that are said to be missing.

survey.py DISK MISSING local     reads what is said to be there; exits 1 unless all of it answers
survey.py DISK MISSING rescue    reads everything; exits 1 if anything fails but what is said to be missing, or nothing does
"""
import errno
import mmap
import os
import sys
import time

PIECE = 65536
disk = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT)
missing = [tuple(map(int, line.split())) for line in open(sys.argv[2])]
buffer = mmap.mmap(-1, PIECE)
# behind the last range that was named more may be missing
size = os.lseek(disk, 0, os.SEEK_END)
end = missing[-1][1] + 1 if sys.argv[3] == "local" else size
read = failed = 0
wrong = []
slowest = 0.0
for offset in range(0, end, PIECE):
    gone = any(first <= offset + PIECE - 1 and offset <= last for first, last in missing)
    if gone and sys.argv[3] == "local":
        continue
    began = time.monotonic()
    try:
        os.preadv(disk, [buffer], offset)
        read += 1
    except OSError as failure:
        failed += 1
        if failure.errno != errno.EIO or not gone and offset <= missing[-1][1]:
            wrong.append("%d: %s" % (offset, failure))
    slowest = max(slowest, time.monotonic() - began)
print("%d MiB of %d read, the slowest 64 KiB in %.2f s; %d MiB failed" % (read * PIECE >> 20, end >> 20, slowest, failed * PIECE >> 20))
for words in wrong[:10]:
    print("  " + words)
sys.exit(1 if wrong or not read or (sys.argv[3] == "rescue") != (failed > 0) else 0)
