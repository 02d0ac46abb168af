"""The tables that accuracy.py prints, in Markdown.

An outcome is {(scene, profile, seed): {who: {zone: (entries, person-seconds, peak)}}};
in place of a who's zones may stand why it could not count.
"""
import collections

HEAD = ("entries", "person-seconds", "peak")
MOST_ZONES = 12


def error(outcome, profile, who, scene=None, zone=None):
    """The error of each figure as a share of the truth, or why there is none."""
    wrong, total = [0.0] * 3, [0.0] * 3
    for (s, p, _), counted in outcome.items():
        if p != profile or scene not in (None, s):
            continue
        if isinstance(counted[who], str):
            return counted[who]
        for z, want in counted["truth"].items():
            if zone in (None, z):
                for i in range(3):
                    wrong[i] += abs(counted[who][z][i] - want[i])
                    total[i] += want[i]
    return [w / t if t else 0.0 for w, t in zip(wrong, total)]


def percent(share):
    return f"{100 * share:.1f} %"


def table(title, head, rows):
    """A table of text cells; the first column is left-aligned, the others right."""
    rows = [head] + [[str(cell) for cell in row] for row in rows]
    width = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = []
    for row in rows:
        cells = [cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, width))]
        lines.append("| " + " | ".join(cells) + " |")
    rule = "| " + " | ".join(["-" * width[0]] + ["-" * (w - 1) + ":" for w in width[1:]]) + " |"
    return "\n".join([title, "", lines[0], rule, *lines[1:]])


def main(outcome, profiles, marks):
    rows = []
    for profile in profiles:
        measured = next(iter(outcome.values()))
        for who in (w for w in ("naive", "delays") if w in measured):
            rows.append([f"{who}, {profile}"] + [percent(e) for e in error(outcome, profile, who)] + [""])
        errors = error(outcome, profile, "footfall")
        reached = ["yes" if e <= mark else "no" for e, mark in zip(errors, marks[profile])]
        rows.append([f"**Footfall, {profile}**"] + [f"**{percent(e)}**" for e in errors]
                    + ["yes" if set(reached) == {"yes"} else "no: " + ", ".join(h for h, r in zip(HEAD, reached) if r == "no")])
        rows.append([f"mark, {profile}"] + [f"≤ {percent(mark)}" for mark in marks[profile]] + [""])
    return table("Errors with default settings, over all scenes and seeds:", ["counted by", *HEAD, "reached"], rows)


def scenes(outcome, profile):
    names = sorted({scene for scene, _, _ in outcome})
    rows = []
    for scene in names:
        for who in ("delays", "footfall"):
            rows.append([scene, who] + [percent(e) for e in error(outcome, profile, who, scene)])
    return table(f"Per scene, {profile}:", ["scene", "counted by", *HEAD], rows)


def zones(outcome, profile):
    """The zones that most of the entries' error comes from, too few and too many apart."""
    few, many, want = collections.Counter(), collections.Counter(), collections.Counter()
    for (scene, p, _), counted in outcome.items():
        if p != profile:
            continue
        for zone, truth in counted["truth"].items():
            difference = counted["footfall"][zone][0] - truth[0]
            (many if difference > 0 else few)[scene, zone] += abs(difference)
            want[scene, zone] += truth[0]
    wrong = few + many
    total = sum(wrong.values())
    rows = [[f"{scene} {zone}", want[scene, zone], few[scene, zone], many[scene, zone], percent(n / total)]
            for (scene, zone), n in wrong.most_common(MOST_ZONES)]
    rest = len(want) - len(rows)
    return table(f"Per zone, {profile}: entries over all seeds, the zones with most of the error ({rest} more have the rest):",
                 ["zone", "truth", "too few", "too many", "of the error"], rows)


def faults(outcome, profile, names):
    rows = [[name, who] + [percent(e) for e in error(outcome, alone, who)]
            for alone, name in names.items() for who in ("delays", "footfall")]
    return table(f"Per kind of fault, {profile}, each alone:", ["fault", "counted by", *HEAD], rows)


def ablation(outcome, profiles, parts):
    rows, notes = [], {}
    for profile in profiles:
        for part in parts:
            errors = error(outcome, profile, part)
            if isinstance(errors, str):
                notes[part], errors = errors, None
            rows.append([f"{profile}, {part}"] + ([percent(e) for e in errors] if errors else ["not in this build"] * 3))
    text = table("Errors with parts of the engine turned off:", ["settings", *HEAD], rows)
    return "\n".join([text] + [f"\n{part}: {note.partition('config.yaml:')[2] or note}" for part, note in notes.items()])


def put(path, block, text):
    """Put text between the markers of a block in a file."""
    first, last = f"<!-- {block}: begin -->", f"<!-- {block}: end -->"
    with open(path, encoding="utf-8") as f:
        before, found, rest = f.read().partition(first)
    _, ended, after = rest.partition(last)
    if not found or not ended:
        raise SystemExit(f"{path} has no lines {first} and {last} to put the tables between")
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"{before}{first}\n{text}\n{last}{after}")
