#!/usr/bin/env python3
"""How right the counts stay when the sensor is not: the tables of docs/accuracy.md.

    accuracy.py --footfall PATH [--shared DIR] [--ablation | --check] [--write FILE]

Recordings of real people are degraded as real sensors do (degrade.py: jitter,
dropouts, fragments, swallowed losses, ghosts, duplicates) and replayed with the
engine's default settings. The truth is the clean recording with both delays at
1 s, by a program that shares no code with the engine (truth.py). An error is the
sum of |counted - truth| over all zones of all scenes and seeds, as a share of the
truth's sum. Beside the engine stand two yardsticks on the same input: `naive`
counts every sample that lands on the other side, `delays` only debounces.

The tools and recordings lie beside the project, in DIR. Without them nothing is
measured, and the exit status is 1.
"""
import argparse
import contextlib
import functools
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import accuracy_tables as tables  # noqa: E402

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FIGURES = ("entries", "person_seconds", "peak_occupancy")
MARKS = {"hard": (0.05, 0.025, 0.03), "mild": (0.015, 0.006, 0.02)}
FAULTS = {  # the members of a degrade.py profile
    "sigma": "jitter", "dropout": "dropouts", "fragment": "fragments", "swallowed": "swallowed losses",
    "ghosts": "ghosts", "duplicate": "duplicates",
}
ABLATION = {  # the configuration of each row
    "all parts": "",
    "minus filter": "tracking: {filter: {max_window: 0s}}\n",
    "minus margin": "tracking: {margin: {max: 0}}\n",
    "minus stitching": "tracking: {stitch: {within: 0s}}\n",
    "minus ghosts": "tracking: {ghosts: {prove_after: 0s}}\n",
    "corrections off": "tracking: {corrections: false}\n",
}


def missing(shared):
    """What of the tools and recordings is not there."""
    wanted = [os.path.join("tools", name) for name in ("accuracy.py", "degrade.py", "exact.py", "truth.py")] + ["data"]
    return [path for path in wanted if not os.path.exists(os.path.join(shared, path))]


def profile_of(name):
    """A profile of degrade.py; "hard only ghosts" has that fault alone, "hard only none" no fault."""
    import degrade
    whole, _, fault = name.partition(" only ")
    profile = degrade.PROFILES[whole]
    return {f: rate if fault in ("", f) else 0.0 for f, rate in profile.items()}


class Bench:
    """Counts degraded scenes; one lives in each process."""

    def __init__(self, footfall, shared):
        sys.path.insert(0, os.path.join(shared, "tools"))
        import degrade
        import exact
        import truth
        self.footfall, self.data = footfall, os.path.join(shared, "data")
        self.exact, self.degrade, self.truth = exact, degrade, truth
        self.clean = functools.lru_cache(maxsize=None)(self.clean)
        truth.tracks = functools.lru_cache(maxsize=1)(degrade.tracks)  # both yardsticks read one file

    def clean(self, scene):
        """The people of a scene, and what it should count to."""
        recording = os.path.join(self.data, scene, "recording.ndjson.gz")
        return self.degrade.tracks(recording), self.truth.truth(recording, self.zones(scene), 1, 1)

    def zones(self, scene):
        return os.path.join(self.data, scene, "zones.geojson")

    def engine(self, scene, recording, config):
        begin, end = self.exact.whole_minutes(self.clean(scene)[1])
        zones = self.zones(scene)
        with tempfile.TemporaryDirectory() as folder:
            database = self.exact.replay(self.footfall, folder, config, zones, recording)
            rows = self.exact.report(self.footfall, database, "occupancy", self.exact.location_of(zones), begin, end)
        return {r["zone_id"]: {"entries": r["entries"] or 0, "person_seconds": r["person_seconds"] or 0,
                               "peak_occupancy": r["occupancy_max"] or 0} for r in rows}

    def run(self, job):
        """{who: {zone: figures}} for one degraded scene, "truth" among them."""
        scene, profile, seed, yardsticks, configs = job
        (people, other), expected = self.clean(scene)
        counted = {"truth": expected["zones"]}
        with tempfile.TemporaryDirectory() as folder:
            bad = os.path.join(folder, "degraded.ndjson")
            self.write(bad, self.degrade.degrade(people, other, profile_of(profile), random.Random(seed)))
            for who, delay in yardsticks:
                counted[who] = self.truth.truth(bad, self.zones(scene), delay, delay)["zones"]
            for who, config in configs:
                try:
                    counted[who] = self.engine(scene, bad, config)
                except subprocess.CalledProcessError as failure:
                    counted[who] = failure.stderr.strip().splitlines()[-1]
        return {who: got if isinstance(got, str) else
                {zone: tuple(got[zone][f] for f in FIGURES) for zone in expected["zones"]}
                for who, got in counted.items()}

    def write(self, path, messages):
        with open(path, "w", encoding="utf-8") as f:
            for t, message in messages:
                f.write(json.dumps({"time": self.degrade.format_time(t), "message": message}) + "\n")


def begin(footfall, shared):
    global bench
    bench = Bench(footfall, shared)


def work(job):
    return job, bench.run(job)


def measure(pool, jobs):
    """The outcome of each job; the long scenes go first."""
    outcome = {}
    jobs = sorted(jobs, key=lambda job: -os.path.getsize(os.path.join(bench.data, job[0], "recording.ndjson.gz")))
    for done, (job, counted) in enumerate(pool.imap_unordered(work, jobs), 1):
        for who, got in counted.items():
            if isinstance(got, str) and who == "footfall":
                sys.exit(f"{job[0]}, {job[1]}, seed {job[2]}: {got}")
        outcome[job[:3]] = counted
        if sys.stderr.isatty():
            print(f"\r{done}/{len(jobs)} degraded scenes ", end="" if done < len(jobs) else "\n", file=sys.stderr, flush=True)
    return outcome


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--footfall", default=os.path.join(PROJECT, "bin", "footfall"))
    parser.add_argument("--shared", default=os.path.join(os.path.dirname(PROJECT), "shared"))
    parser.add_argument("--ablation", action="store_true", help="what each part of the engine contributes, instead")
    parser.add_argument("--check", action="store_true", help="the main table alone; exit 1 where a mark is missed")
    parser.add_argument("--seed", type=int, action="append", help="default 1, 2 and 3")
    parser.add_argument("--profile", action="append", choices=sorted(MARKS))
    parser.add_argument("--write", metavar="FILE", help="put the tables between the markers in this file")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("scenes", nargs="*", help="default: all of them")
    args = parser.parse_args()
    if absent := missing(args.shared):
        sys.exit(f"NOT MEASURED: {args.shared} has no {', '.join(absent)}; "
                 "the tools and the recordings lie beside the project, not in it (--shared DIR)")
    begin(args.footfall, args.shared)
    scenes, seeds = args.scenes or bench.exact.SCENES, args.seed or [1, 2, 3]
    profiles = args.profile or list(MARKS)

    def jobs(names, yardsticks, configs):
        return [(scene, name, seed, yardsticks, configs) for scene in scenes for name in names for seed in seeds]

    with contextlib.closing(multiprocessing.Pool(args.processes, begin, (args.footfall, args.shared))) as pool:
        if args.ablation:
            text = tables.ablation(measure(pool, jobs(profiles, (), tuple(ABLATION.items()))), profiles, list(ABLATION))
        elif args.check:
            text = check(pool, jobs, profiles)
        else:
            text = everything(pool, jobs, profiles)
    print(text)
    if args.check:
        sys.exit(" no: " in text)
    if args.write:
        tables.put(args.write, "ablation" if args.ablation else "figures", text)


def check(pool, jobs, profiles):
    """The main table without the yardsticks."""
    return tables.main(measure(pool, jobs(profiles, (), (("footfall", ""),))), profiles, MARKS)


def everything(pool, jobs, profiles):
    """The main table, and what the rest is made of."""
    engine, delays, naive = ("footfall", ""), ("delays", 1), ("naive", 0)
    whole = measure(pool, jobs(profiles, (naive, delays), (engine,)))
    alone = {f"{profiles[0]} only {fault}": name for fault, name in {"none": "no fault", **FAULTS}.items()}
    single = measure(pool, jobs(list(alone), (delays,), (engine,)))
    parts = [tables.main(whole, profiles, MARKS)]
    for profile in profiles:
        parts.append(tables.scenes(whole, profile))
    parts += [tables.zones(whole, profiles[0]), tables.faults(single, profiles[0], alone)]
    return "\n\n".join(parts)


if __name__ == "__main__":
    main()
