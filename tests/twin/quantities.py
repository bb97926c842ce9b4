"""What can be read off the twin's world at a moment: formulas of docs/model.md, and what a month records."""

from __future__ import annotations

import math
import struct
from bisect import bisect_left
from types import SimpleNamespace as Row

from regimes import rules_of
from variates import actor, birth, exp, logistic, power, power_of_ten
from world import CONTROL, FINETUNE, GATED, HOSTED, INTERNAL, NEVER, SOURCE

AVERTED, CATASTROPHIC, ENDING = 1, 2, 4
DAYS = 365.25


def recorded(x):
    """Rounded to 12 bits of mantissa, as measured values are recorded."""
    if not math.isfinite(x) or x == 0:
        return x
    mantissa, exponent = math.frexp(x)
    return math.ldexp(round(math.ldexp(mantissa, 13)), exponent - 13)


def single(x):
    """The nearest number of single precision."""
    return struct.unpack("f", struct.pack("f", x))[0]


def tick(year):
    """On the grid of recorded times."""
    return round(year * 2**20) / 2**20


def out(m):
    """Whether weights are out, gated or not."""
    return m.form >= GATED


def hosted(m):
    """Whether its maker serves it."""
    return m.form in (HOSTED, FINETUNE)


def pick(things, weights, u):
    """The thing at u of the running sum of the weights."""
    left = u * sum(weights)
    for thing, weight in zip(things, weights, strict=True):
        left -= weight
        if left < 0:
            return thing
    return things[-1]


# ---- Rules


def rules_for_model(w, group, months_since_release):
    """Rules of a group for a model of this age (M2.2)."""
    return rules_of(w.config.regimes, group.regime if w.config.ai else None, months_since_release)


def followed(w, lever):
    """The most that a lever stands at among the groups that follow the regime under study."""
    return max([getattr(group.rules, lever) for group in w.groups if group.follows], default=0)


def incidents(events, since, until=NEVER, at_least_musd=0):
    """Harm since a time that became known until another."""
    return [e for e in events if not e.flags & AVERTED and e.year > since and e.severity >= at_least_musd
            and e.seen_year != NEVER and single(e.seen_year) <= until]


# ---- Labs and money


def flop_per_usd(w, y):
    """FLOP that a dollar buys (M1.1)."""
    t = w.p.trends
    return t.flop_per_usd_2024 * power(2, (w.start + y - 2024.5) / t.hardware_doubling_years)


def budget_usd(lab):
    """Yearly budget of a lab (M1.3)."""
    g = lab.group.p
    grown = g.budget_usd_per_year * power(g.growth, lab.group.pace_years)
    return min(g.cap_usd_per_year, grown) * power(lab.rank, -g.zipf)


def safety_share(w, lab):
    """Share of a run for safety under the pressure of the nearest rival (M1.5)."""
    t = w.p.training
    gaps = [abs(lab.best - x.best) for x in w.labs if x is not lab and lab.best > -NEVER and x.best > -NEVER]
    relaxed = min(1, lab.group.p.safety_share * lab.group.rules.safety_factor)
    pressure = t.race_pressure * exp(-min(gaps, default=NEVER) / t.race_width_oom)
    return max(t.safety_floor, relaxed * (1 - pressure))


def best_weights_of_others(w, lab):
    """Capability of the best weights that are out of other labs."""
    return max([m.c for m in w.models if m.lab is not lab and out(m)], default=-NEVER)


def run_cost_usd(w, m):
    """Yearly cost of a copy of one's own (M14)."""
    p, cheaper = w.p.access, flop_per_usd(w, w.y) / flop_per_usd(w, 0)
    physical_oom = m.c - w.algorithms_oom
    return p.inference_usd_per_year * power_of_ten(p.inference_exponent * (physical_oom - 25.58)) / cheaper


def retrain_cost_usd(w, c):
    """Cost of training to a capability, over the compute commons (M5.4)."""
    return power_of_ten(c - w.algorithms_oom) / flop_per_usd(w, w.y) / max(1, followed(w, "compute_commons"))


def afford(w, usd):
    """Share of developers whose budget reaches a sum."""
    return 1 - bisect_left(w.budgets, usd) / len(w.budgets) if w.budgets else 0


def developer_table(w, accepted):
    """Models that a developer may use, by cost of a copy of its own, with the worth of an act (M4, M14)."""
    start, rows = max(w.frontier[0], w.p.misuse.no_ai_oom), []
    for m in w.models:
        if m.pull > 0 and (m.form != GATED or accepted):
            worth = power_of_ten(w.p.freedom.benefit_slope * (m.c - start))
            worth *= w.p.freedom.benefit_tuning if out(m) or m.form == FINETUNE else 1
            weight = m.pull * (w.p.access.developer_weights_preference if out(m) else 1)
            rows.append(Row(model=m, cost=run_cost_usd(w, m) if out(m) else 0, weight=weight, worth=worth))
    return sorted(rows, key=lambda row: (row.cost, row.model.number))


# ---- Presses, flaws and their fixes


def press_exposure(w, m, c, diligence, stop):
    """The factor x of M5.3."""
    f, caught = w.p.fingers, diligence * w.p.training.evaluation_quality
    over = logistic((c - f.critical_oom) / f.critical_width_oom)
    return over * (1 - m.alignment) * (1 - caught) * (1 - stop)


def control_virulence(w, m, copy):
    """E of each flaw in a copy, but 0 where it is no control flaw (M5.3)."""
    return [virulence_in_copy(w, m, i, copy) if i.flaw.kind == CONTROL else 0 for i in m.instances]


def virulence_in_copy(w, m, instance, copy):
    """E of a flaw in a developer's own copy, or (None) in one that takes every fix at once (M6.5)."""
    e = instance.virulence
    for ordinal, year in enumerate(instance.flaw.fixes):
        delay = fix_delay_years(w, instance.flaw, ordinal, copy) if copy else 0
        e *= 1 - w.p.patches.strength if year > m.born and year + delay <= w.year else 1
    return e


def fix_delay_years(w, flaw, ordinal, d):
    """Years until a developer's own copy takes a fix (M6.5)."""
    p, who = w.p.patches, actor("developer", d.number)
    own = w.dynamics("patch_delay", birth("flaw", flaw.identity, ordinal, who))
    s = w.population("deployment_trait", who) if own.uniform() < p.trait_share else own
    never = w.population("deployment_never", who).uniform() < p.never_update
    return NEVER if never else s.weibull(p.shape, p.scale_days / DAYS)


def scrutiny(w, m):
    """S of a root, [shallow, deep]: as friends see it, and as bad actors do (M6.2, M6.3)."""
    p, people = w.p.scrutiny, w.people.developers
    form = {HOSTED: "hosted", FINETUNE: "hosted", SOURCE: "source"}.get(m.form, "weights")
    auditors = w.auditor_skill * m.use_auditors
    others = p.eyes_per_developer * people.count * people.weight * m.use_developers
    others += p.eyes_per_user * w.users * m.use_users
    friends = [("internal", p.internal_eyes)] if m.lab.newest is m else []
    if hosted(m) and m.lab.group.rules.structured_access:
        friends += [("structured", auditors), (form, others)]
    elif m.form != INTERNAL:
        friends += [(form, auditors + others)]
    searching = p.eyes_per_bad_actor * w.people.bad_actors.count * m.use_auditors
    bad = [(form, searching)] if m.form != INTERNAL else []
    return [[sum(p.visibility[v][depth] * power(eyes, p.returns_to_eyeballs) for v, eyes in side if eyes > 0)
             for depth in ("shallow", "deep")] for side in (friends, bad)]


# ---- The record (M15); freedoms, dependence, surveillance and patch coverage are left out


def record(w):
    """Closes the month: events in order of time up to an end, and what the twin measures of the series."""
    for e in sorted(w.month_events, key=lambda e: tick(e.year)):
        if e.year <= w.end_year:
            others = {"domain": 0, "flaw": None, "defence": math.nan, "attributed": 0}
            w.events.append(Row(**others | vars(e)))
            w.events[-1].year = tick(e.year)
    harm = [e.severity for e in w.month_events if not e.flags & AVERTED and e.year <= w.end_year]
    control = [(m, i.flaw) for m in w.models for i in m.instances if i.flaw.kind == CONTROL]
    w.month |= {
        "harm_musd": sum(harm), "users": w.users, "algorithms_oom": w.algorithms_oom, "openness": w.openness,
        "models": len(w.models), "weights_use_share": sum(m.use_users for m in w.models if out(m)),
        "control_virulence": sum(flaw.virulence * m.use_developers for m, flaw in control),
        "retrain_cost_usd": retrain_cost_usd(w, max([m.c for m in w.models], default=-NEVER)),
    }
    w.month |= {f"defence_{d.name}_oom": d.level for d in w.domains}
    for name, least in (("frontier_oom", INTERNAL), ("accessible_oom", HOSTED), ("weights_oom", GATED)):
        w.month[name] = max([m.c for m in w.models if m.form >= least], default=math.nan)
    w.series.append(w.month)
