"""How many strokes pictures one core makes in a second: `python -m tests.benchmarks.strokes`.

Both clocks are shown: on a machine that does other work too, the processor's is the fair one.
"""

import time

import torch

from core.data.strokes import render_strokes, stroke_classes

CLASSES, INSTANCES, REPEATS = 500, 20, 5


def main() -> None:
    torch.set_num_threads(1)
    classes, instances = stroke_classes("train", CLASSES), torch.arange(INSTANCES)
    render_strokes(classes[:10], instances)  # the first call also warms up the library
    for clock in (time.perf_counter, time.process_time):
        seconds = []
        for _ in range(REPEATS):
            start = clock()
            render_strokes(classes, instances)
            seconds.append(clock() - start)
        rate = CLASSES * INSTANCES / min(seconds)
        print(f"{clock.__name__}: {rate:,.0f} pictures/s, best of {REPEATS}")


if __name__ == "__main__":
    main()
