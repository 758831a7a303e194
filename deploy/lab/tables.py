"""Reads in agents' logs what they asked of the device mapper, and exits 1 unless each table was loaded into a device that had been suspended.

A clone's table that is loaded while the device is live would read metadata that the live one still changes.
"""
import sys

swaps = 0
wrong = []
for path in sys.argv[1:]:
    suspended = set()
    for line in open(path):
        _, asked, line = line.partition("asked of the kernel: ")
        if not asked:
            continue
        words = [word for word in line.split() if not word.startswith("-")]
        verb = words[0] if words else ""
        device = next((word for word in words[1:] if word.startswith("sluice-")), None)
        if device is None:
            continue
        if verb == "suspend":
            suspended.add(device)
        elif verb == "resume":
            suspended.discard(device)
        elif verb in ("load", "reload"):
            swaps += 1
            if device not in suspended:
                wrong.append("%s: %s" % (path, line.strip()))
        elif verb in ("create", "remove"):
            suspended.discard(device)
print("%d tables loaded, %d of them into a live device" % (swaps, len(wrong)))
for words in wrong:
    print("  " + words)
sys.exit(1 if wrong or not swaps else 0)
