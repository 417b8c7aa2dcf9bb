"""``make bench``: every benchmark in turn; each prints its ratios to something measured in the same run."""

from __future__ import annotations

import runpy
import sys
import time

MODULES = (
    "bench_decide",
    "bench_turns",
    "bench_turns_storage",
    "bench_judging",
    "bench_asking",
    "bench_consolidating",
    "bench_reports",
    "bench_exports",
    "bench_year",
    "bench_dingtalk",
    "bench_wecom",
    "bench_wecom_broadcast",
)


def main(wanted: list[str]) -> None:
    for name in MODULES:
        if wanted and name.removeprefix("bench_") not in wanted:
            continue
        begun = time.perf_counter()
        print(f"\n== {name} ==", flush=True)
        runpy.run_module(f"tests.benchmarks.{name}", run_name="__main__")
        print(f"（{time.perf_counter() - begun:.1f} s）", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
