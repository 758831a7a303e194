"""Reads a disk in pieces of 64 KiB, past the page cache, and compares with a list of ranges that are said to be missing.

survey.py DISK MISSING local     reads what is said to be there; exits 1 unless all of it answers
survey.py DISK MISSING rescue    reads everything; exits 1 if anything fails but what is said to be missing, or nothing does
survey.py DISK MISSING records COUNT
                                 looks for the COUNT records of a workload `writer`; exits 1 if more of them are gone than is said to be missing
"""
import errno
import mmap
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "workloads"))
import records  # noqa: E402

PIECE = 65536
disk = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT)
missing = [tuple(map(int, line.split())) for line in open(sys.argv[2])]
buffer = mmap.mmap(-1, PIECE)
# behind the last range that was named more may be missing
size = os.lseek(disk, 0, os.SEEK_END)
end = missing[-1][1] + 1 if sys.argv[3] == "local" else size
read = failed = 0
found = set()
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
        if sys.argv[3] == "records":
            for page in range(0, PIECE, records.SIZE):
                data = buffer[page : page + records.SIZE]
                position = records.whose(data)
                if position is not None:
                    found.add(position)
    except OSError as failure:
        failed += 1
        if failure.errno != errno.EIO or not gone and offset <= missing[-1][1]:
            wrong.append("%d: %s" % (offset, failure))
    slowest = max(slowest, time.monotonic() - began)
if sys.argv[3] == "records":
    # a record's page is here, or said to be missing
    gone = int(sys.argv[4]) - len(found)
    pages = sum(last + 1 - first for first, last in missing) // records.SIZE
    print("%d records found, %d are not here; %d pages are said to be missing" % (len(found), gone, pages))
    sys.exit(0 if found and gone <= pages else 1)
print("%d MiB of %d read, the slowest 64 KiB in %.2f s; %d MiB failed" % (read * PIECE >> 20, end >> 20, slowest, failed * PIECE >> 20))
for words in wrong[:10]:
    print("  " + words)
sys.exit(1 if wrong or not read or (sys.argv[3] == "rescue") != (failed > 0) else 0)
