"""What can be read off the twin's world at a moment: rules, labs and money, access (M1, M2, M4, M14)."""

from __future__ import annotations

import math
import statistics
import struct

from regimes import rules_of
from variates import birth, exp, log10, power, power_of_ten
from world import FINETUNE, GATED, HOSTED, NEVER, OPEN

MISUSE, LOSS_OF_CONTROL, EXPLOIT, STATE_ATTACK, DIFFUSE_HARM, CAPTURE = range(6)
DEVELOPER, BAD_ACTOR, LAB, STATE = range(4)
AVERTED, CATASTROPHIC, ENDING, STILL_OPEN = 1, 2, 4, 8
BY_NONE, BY_INTERNAL, BY_HOSTED, BY_FINETUNE, BY_WEIGHTS, BY_LEAKED, BY_REST, BY_STOLEN = range(8)
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


def route_of(m):
    """Through what the harm of a model comes, in the hands of those who may use it (M15)."""
    route = BY_WEIGHTS if out(m) else BY_FINETUNE if m.form == FINETUNE else BY_HOSTED
    return route if m.lab.group.follows else BY_REST


def route_of_copy(m):
    """The same for a copy of the weights in the hands of those who do not ask."""
    return BY_REST if not m.lab.group.follows else BY_WEIGHTS if m.form >= OPEN else BY_LEAKED


def rules_for_model(w, group, months_since_release):
    """Rules of a group for a model of this age (M2.2)."""
    return rules_of(w.config.regimes, group.regime if w.config.ai else None, months_since_release)


def followed(w, lever, most):
    """The most (or least) that a lever stands at among no rule and the groups under study."""
    groups = [group.rules for group in w.groups if group.follows]
    return most(getattr(rules, lever) for rules in [rules_of({}, None, 0), *groups])


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


def best_of_others(w, lab, counts):
    """Capability of the best base model of other labs that counts."""
    return max([m.c for m in w.bases if m.lab is not lab and counts(m)], default=-NEVER)


def run_share(w, y):
    """Share of a year's budget in the largest run (M1.3)."""
    return min(w.p.training.run_share_max, w.p.training.run_share * power(w.p.training.run_growth, y))


def training_run(w, lab, identity, safety):
    """Capability that a training run reaches, and what evaluations see of it (M1.4)."""
    t, lag = w.p.training, lab.group.p.lag_months
    flop = (1 - safety) * run_share(w, w.y) * budget_usd(lab) * flop_per_usd(w, w.y)
    if lag > 0 or flop <= 0:
        at = w.step - math.floor(lag / (12 * w.dt) + 0.5)
        return (w.frontier[at] if lag > 0 and at >= 0 else -NEVER,) * 2
    luck = t.capability_sd_oom * w.dynamics("training_luck", identity).normal()
    own = log10(flop) + w.algorithms[lab.group.p.bloc] + luck
    own += t.bootstrap_oom if any(out(m) and abs(m.c - own) <= 1 for m in w.bases) else 0
    s = w.dynamics("training_jump", identity)
    jumps, seen = s.uniform() < t.jump_probability, s.uniform() < t.evaluation_quality
    size = t.jump_mean_oom * s.exponential() if jumps else 0
    return own + size, own + size if seen else own


def decided_form(w, rules, lab, identity, visible):
    """The form that rules give a model of this visible capability, the gate included (M2.3)."""
    p = w.p.release

    def estimate(other):
        who = identity if other is lab else birth("estimate", identity, 0, other.identity)
        return visible + p.evaluation_sd_oom * w.dynamics("gate_estimate", who, 0, 4 * rules.form).normal()

    judges, gate = [lab], rules.gate_oom
    if rules.gate_rule != "own":
        enough = visible - p.able_within_oom
        judges += [other for other in w.labs if other is not lab and max(other.best, other.learnt) >= enough]
    if rules.gate_rule == "rational":
        gate -= p.evaluation_sd_oom * equilibrium_caution(len(judges))
    below = sum(estimate(other) <= gate for other in judges)
    passes = 2 * below > len(judges) if rules.gate_rule == "majority" else below > 0
    return rules.form if passes else min(rules.form, rules.gate_form)


def equilibrium_caution(n):
    """Sigmas below the gate in the symmetric equilibrium of n labs, any of which may release (M2.3)."""
    low, high = 0.5, 1.0
    for _ in range(60):
        tau = (low + high) / 2
        above = math.log(tau / (1 - tau)) > (n - 1) * math.log((2 - tau) / tau)
        low, high = (low, tau) if above else (tau, high)
    return statistics.NormalDist().inv_cdf(tau)


def run_cost_usd(w, m):
    """Yearly cost of a copy of one's own (M14)."""
    p, cheaper = w.p.access, flop_per_usd(w, w.y) / flop_per_usd(w, 0)
    physical_oom = m.c - w.algorithms[w.home]
    return p.inference_usd_per_year * power_of_ten(p.inference_exponent * (physical_oom - 25.58)) / cheaper


def retrain_cost_usd(w, c):
    """Cost of training to a capability, over the compute commons (M5.4)."""
    flop, commons = power_of_ten(c - w.algorithms[w.home]), followed(w, "compute_commons", max)
    return flop / flop_per_usd(w, w.y) / commons
