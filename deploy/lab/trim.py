"""Files that are deleted, trimmed and written anew: what a discard can do to a disk that is being copied.

trim.py prepare DIR       fills free space with marked files and deletes them
trim.py write DIR SUMS    trims and writes synced files by turns; notes their sums; exits 1 if a trim was taken
trim.py check DIR SUMS    reads them past the page cache; exits 1 if one differs
"""
import hashlib
import os
import subprocess
import sys
import time

MARK = b"DELETED-SECRETS-"
FILES = 24
SIZE = 1 << 20


def put(path, data):
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def prepare(directory):
    for number in range(FILES):
        put("%s/old-%d" % (directory, number), MARK * (SIZE // len(MARK)))
    for number in range(FILES):
        os.remove("%s/old-%d" % (directory, number))
    os.sync()


def write(directory, sums):
    refused = 0
    with open(sums, "w") as noted:
        for number in range(FILES):
            done = subprocess.run(["fstrim", directory], capture_output=True, text=True)
            refused += done.returncode != 0
            data = os.urandom(SIZE // 4)
            put("%s/new-%d" % (directory, number), data)
            noted.write("%d %s\n" % (number, hashlib.sha256(data).hexdigest()))
            time.sleep(0.1)
    print("%d files written, fstrim refused %d times of %d" % (FILES, refused, FILES))
    sys.exit(0 if refused == FILES else 1)


def check(directory, sums):
    with open("/proc/sys/vm/drop_caches", "w") as caches:
        caches.write("3")
    bad = []
    lines = open(sums).read().split("\n")[:-1]
    for line in lines:
        number, noted = line.split()
        data = open("%s/new-%s" % (directory, number), "rb").read()
        if hashlib.sha256(data).hexdigest() != noted:
            bad.append("new-%s: %d old marks" % (number, data.count(MARK)))
    print("%d of %d synced files are as they were written" % (len(lines) - len(bad), len(lines)))
    for words in bad:
        print("  " + words)
    sys.exit(1 if bad or not lines else 0)


{"prepare": prepare, "write": write, "check": check}[sys.argv[1]](*sys.argv[2:])
