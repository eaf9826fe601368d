"""The page of `lives.py`."""

from __future__ import annotations

import numpy as np
from followed import Array
from lives import FAMILY_MONTHS, FIRSTS, LONG, MOST_FREQUENT, REFUSED, REPLICATIONS, SEEN, SHORT, Found
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pages import fill, picture, table

from demandsim.plots.style import GREY, LIGHT, MAIN, SECOND
from demandsim.vocabulary import AGE_BANDS

LIVES = 20
INSIDE = "inside"
#: Month, share referred again by then without long-term work, and its interval (V005).
FORRESTER = (27, 36.5, 31.8, 41.2)
PUBLISHED_AGES = (20.0, 19.6, 17.3, 28.3, 14.8)
STATES = ("closed", "early help", "assessment", "section 47 enquiry", "child in need plan", "child protection plan")


def _severity(name: str, parts: list[Array]) -> list[str]:
    values = np.concatenate(parts)
    low, high = np.percentile(values, (10, 90))
    a_year = len(values) / REPLICATIONS / len(SEEN)
    return [name, f"{values.mean():+.2f}", f"{values.std():.2f}", f"{low:+.1f} to {high:+.1f}", f"{a_year:,.0f}"]


def severities(found: Found) -> str:
    """Return severity at each door and in each stock."""
    header = ["", "mean severity", "spread", "10th to 90th centile"]
    doors = [_severity(name, parts) for name, parts in found.doors.items()]
    stocks = [_severity(name, found.stocks[name]) for name in (*STATES, "looked after")]
    first, second = table([*header, "children a month"], doors), table([*header, "children on a day"], stocks)
    return f"At the door:\n\n{first}\n\nIn the stock, at a month's end:\n\n{second}"


def _said(value: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return INSIDE if low <= value <= high else "MISS"


def _within(waits: Array, months: int) -> float:
    return float(100 * ((waits > 0) & (waits <= months)).mean())


def _returns(found: Found) -> list[tuple[str, str, float, str, float | None, float | None]]:
    closed = np.concatenate(found.closed)
    kind, back, plan = closed.T
    short = kind != LONG
    referred, families = np.concatenate(found.referred), np.sort(np.concatenate(found.families))[::-1]
    most = 100 * float(families[: round(MOST_FREQUENT * len(families))].sum() / families.sum())
    nothing, assessed, longer = (_within(back[kind == which], 12) for which in (REFUSED, SHORT, LONG))
    month, share, low, high = FORRESTER
    no_long, planned = "closed without long work: within 27 months", "the same: a protection plan within 27 months"
    frequent = f"re-referrals in {FAMILY_MONTHS} months from the 8.5% of families with most"
    # All that is held of V004 is its direction, and of V006 ten points either way: they have no interval.
    return [
        ("all closures: referred again within 1 month", "", _within(back, 1), "", None, None),
        ("all closures: within 12 months", "V001 (shape only)", _within(back, 12), "32 (28 to 36)", 28, 36),
        ("all closures: within 27 months", "", _within(back, 27), "", None, None),
        ("all closures: within 48 months", "", _within(back, 48), "", None, None),
        ("all closures: within 72 months", "V002 (shape only)", _within(back, 72), "58 (54 to 62)", 54, 62),
        ("referred in a year: again within 48 months", "", _within(referred, 48), "", None, None),
        ("no further action: again within 12 months", "V004", nothing, "above the next", assessed, 100),
        ("assessed and closed: again within 12 months", "V004", assessed, "", None, None),
        ("after a plan or care: again within 12 months", "V004", longer, "below these", 0, nothing),
        (no_long, "V005", _within(back[short], month), f"{share} ({low} to {high})", low, high),
        (planned, "V007", _within(plan[short], 27), "2.75 (1.4 to 4.9)", 1.4, 4.9),
        (frequent, "V006", most, "52", 42, 62),
    ]


def returns(found: Found) -> str:
    """Return how many come back, beside what is published."""
    rows = [
        [name, id, f"{value:.1f}", text, _said(value, low, high)]
        for name, id, value, text, low, high in _returns(found)
    ]
    return table(["", "evidence", "model, %", "published, %", ""], rows)


def reach(found: Found) -> dict[str, float]:
    """Return the part of children to whom something ever happens before 18, as rates of the last years have it."""
    births = found.children / 18 * len(FIRSTS) / 12
    return {name: 100 * number / births for name, number in found.firsts.items()}


REACH = {
    "referred": ("O141", 35.4, 37.5),
    "assessed": ("O142", 32.3, 34.2),
    "in need": ("O143", 25.3, 26.8),
    "on a plan": ("O144", 6.9, 7.3),
    "in care": ("V010", 3.3, 3.3),
}


def _reached(name: str, value: float) -> str:
    """Say whether a part lies within a tenth of what is published."""
    _, low, high = REACH[name]
    return _said(value, 0.9 * low, 1.1 * high)


def reaches(found: Found) -> str:
    """Return lifetime reach beside what is published; a tenth either way is called inside."""
    rows = []
    for name, value in reach(found).items():
        id, low, high = REACH[name]
        text = f"{low} to {high}" if high > low else f"{low}"
        rows.append([f"ever {name} before 18", id, f"{value:.1f}", text, _reached(name, value)])
    return table(["", "evidence", "model, %", "published, %", "within a tenth"], rows)


def ages(found: Found) -> str:
    """Return ages at the start of care beside V022, whose figures were fitted."""
    total = sum(found.ages.values())
    rows = [
        [label, f"{100 * found.ages[place] / total:.1f}", f"{PUBLISHED_AGES[place]}"]
        for place, (label, _, _) in enumerate(AGE_BANDS)
    ]
    return table(["age at the start of care", "model, %", "V022, % (fitted: circular)"], rows)


def some_lives(found: Found) -> str:
    """Return twenty lives: ten of all who came to notice in the first year, ten of those ever on a plan or in care."""
    random = np.random.default_rng(20)
    everybody = sorted(found.events)
    worse = [id for id in everybody if any("plan" in line or "looked" in line for line in found.events[id][1:])]
    worse = [id for id in worse if any(word in " ".join(found.events[id]) for word in ("protection", "looked"))]
    chosen = [*random.choice(everybody, LIVES // 2, replace=False), *random.choice(worse, LIVES // 2, replace=False)]
    text = []
    for number, id in enumerate(chosen):
        if number in (0, LIVES // 2):
            text.append(("Any ten" if not number else "Ten who were once on a protection plan or in care") + ":\n")
        text.append(f"{number + 1}.  age, severity\n" + "\n".join(found.events[int(id)]) + "\n")
    return "```text\n" + "\n".join(text) + "```"


def _draw(found: Found, figure: Figure) -> None:
    one, two, three = figure.subplots(1, 3)
    _doors(found, one)
    _referred_again(found, two)
    _ever(found, three)


def _doors(found: Found, axes: Axes) -> None:
    names = [
        "early help begins",
        "referred",
        "child in need plan begins",
        "enquiry begins",
        "protection plan begins",
        "care begins",
    ]
    means = {}
    for place, name in enumerate(names):
        values = np.concatenate(found.doors[name])
        means[name] = values.mean()
        low, high = np.percentile(values, (10, 90))
        axes.plot([low, high], [-place, -place], color=LIGHT, lw=5, solid_capstyle="butt")
        axes.plot(means[name], -place, "o", color=MAIN)
    axes.set_yticks([-place for place in range(len(names))], [name.replace(" begins", "") for name in names])
    axes.grid(axis="y", visible=False)
    worst = max(means, key=lambda name: means[name])
    axes.set_title(f"Worst off at the door:\n{worst.replace(' begins', '')}, {means[worst]:.1f} SD")
    axes.set_xlabel("severity: mean, 10th to 90th centile, SD")


def _referred_again(found: Found, axes: Axes) -> None:
    closed = np.concatenate(found.closed)
    months = range(1, 73)
    for kind, colour, label in (
        (closed[:, 0] != LONG, MAIN, "closed without long work"),
        (closed[:, 0] >= 0, SECOND, "all closures"),
    ):
        axes.plot(months, [_within(closed[kind, 1], month) for month in months], color=colour, label=label)
    for month, value, low, high, colour in (
        (12, 32, 28, 36, SECOND),
        (72, 58, 54, 62, SECOND),
        (*FORRESTER, MAIN),
    ):
        axes.errorbar(month, value, yerr=[[value - low], [high - value]], fmt="s", ms=4, color=colour)
    short = _within(closed[closed[:, 0] != LONG, 1], FORRESTER[0])
    axes.set_title(f"Referred again: {short:.0f}%\nby month {FORRESTER[0]}, published {FORRESTER[1]:g}%")
    axes.set_xlabel("months after closing; squares: V001, V002, V005")
    axes.set_ylabel("%")
    axes.legend(frameon=False, fontsize=7, loc="lower right")


def _ever(found: Found, axes: Axes) -> None:
    parts = reach(found)
    for place, name in enumerate(REACH):
        axes.barh(-place, parts[name], color=LIGHT)
        axes.plot(REACH[name][1:], [-place, -place], "|-", color=GREY, ms=12, mew=2)
    axes.set_yticks([-place for place in range(len(REACH))], list(REACH))
    axes.grid(axis="y", visible=False)
    near = sum(_reached(name, parts[name]) == INSIDE for name in REACH)
    axes.set_title(f"Ever before 18: {near} of {len(REACH)}\nwithin a tenth of published")
    axes.set_xlabel("% of children; lines: published")


def write(found: Found) -> None:
    """Write the tables, the lives and the picture."""
    parts = {"severity": severities(found), "returns": returns(found), "reach": reaches(found), "ages": ages(found)}
    for part in parts.values():
        print(part, flush=True)
    fill("lives.md", **parts, lives=some_lives(found))
    picture("lives", (9.5, 3.2), lambda figure: _draw(found, figure))
