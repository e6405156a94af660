"""What every peer's program shares: one JSON request a line on standard input, one JSON answer a line on standard output.

A request names a contestant, a work, an input's file and how many of its records to take. The answer is the time of the
run alone, in ns, and what the work came to.
"""
import json
import sys
import time

import numpy as np

EVENT = np.dtype(
    [("ts", "<i8"), ("px", "<i4"), ("kind", "<u4"), ("qty", "<f8"), ("id", "<u8")]
)
CHECKSUM_EVERY = 1000


def read_events(path, records):
    """The first records of a file of events: ts in ns, px in ticks of 0.1, kind, qty, id."""
    return np.fromfile(path, dtype=EVENT, count=records)


def read_bars(path, bars):
    """The first bars of a file: open, high, low, close, volume a row."""
    return np.fromfile(path, dtype="<f8", count=bars * 5).reshape(-1, 5)


def serve(versions, contestants):
    """Answers requests until the input ends. `contestants[name](request)` returns the function that is to be timed."""
    reply = sys.stdout
    # What libraries print must not get between the answers.
    sys.stdout = sys.stderr
    print(json.dumps({"versions": versions}), file=reply, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            run = contestants[request["contestant"]](request)
            started = time.perf_counter_ns()
            answer = run()
            ns = time.perf_counter_ns() - started
            out = {"ns": ns, "answer": answer() if callable(answer) else answer}
        except Exception as error:  # The other contestants go on: what went wrong is this one's answer.
            out = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(out), file=reply, flush=True)
