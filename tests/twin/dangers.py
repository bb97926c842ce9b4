"""What the twin's developers, bad actors and states can do at a moment: formulas of M3, M5 to M8 and M10."""

from __future__ import annotations

import math
from types import SimpleNamespace as Row

from access import family
from quantities import DAYS, flop_per_usd, hosted, out, pick, retrain_cost_usd, run_share, single
from variates import actor, birth, log1p, log10, logistic, power
from world import CONTROL, FINETUNE, HOSTED, INTERNAL, NEVER, OPEN, SAFEGUARD, SOURCE


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
    e, flaw = instance.virulence, instance.flaw
    for ordinal in [k for k, year in enumerate(flaw.fixes) if year > instance.origin.born]:
        merged = merged_year(w, flaw, ordinal, m, instance.origin)
        delay = fix_delay_years(w, flaw, ordinal, copy) if copy and merged > m.born else 0
        e *= 1 - w.p.patches.strength if merged + delay <= w.year else 1
    return e


def merged_year(w, flaw, ordinal, m, origin):
    """When the maintainers between a fix's origin and a derivative have merged it (M6.5)."""
    if m is origin:
        return flaw.fixes[ordinal]
    p, in_parent = w.p.derivatives, merged_year(w, flaw, ordinal, m.parent, origin)
    if in_parent <= m.born or in_parent == NEVER:
        return in_parent
    pair = birth("flaw", flaw.identity, ordinal, m.identity)
    delay = w.dynamics("maintainer_delay", pair).weibull(p.maintainer_shape, p.maintainer_scale_days / DAYS)
    return in_parent + (delay if w.dynamics("merge", pair).uniform() < p.merge else NEVER)


def fix_delay_years(w, flaw, ordinal, d):
    """Years until a developer's own copy takes a fix (M6.5)."""
    p, who = w.p.patches, actor("developer", d.number)
    own = w.dynamics("patch_delay", birth("flaw", flaw.identity, ordinal, who))
    s = w.population("deployment_trait", who) if own.uniform() < p.trait_share else own
    never = w.population("deployment_never", who).uniform() < p.never_update
    return NEVER if never else s.weibull(p.shape, p.scale_days / DAYS)


def scrutiny(w, m):
    """S of a model, [shallow, deep]: as friends see it, and as bad actors do (M6.2, M6.3)."""
    p, people, (users, developers, auditors) = w.p.scrutiny, w.people.developers, m.eyes
    form = {HOSTED: "hosted", FINETUNE: "hosted", SOURCE: "source"}.get(m.form, "weights")
    searching = p.eyes_per_bad_actor * w.people.bad_actors.count * auditors
    auditors *= w.auditor_skill
    others = p.eyes_per_developer * people.count * people.weight * developers
    others += p.eyes_per_user * w.users * users
    friends = [("internal", p.internal_eyes)] if m.lab.newest is m else []
    if hosted(m) and m.lab.group.rules.structured_access:
        friends += [("structured", auditors), (form, others)]
    elif m.form != INTERNAL:
        friends += [(form, auditors + others)]
    bad = [(form, searching)] if m.form != INTERNAL else []
    return [[sum(p.visibility[v][depth] * power(eyes, p.returns_to_eyeballs) for v, eyes in side if eyes > 0)
             for depth in ("shallow", "deep")] for side in (friends, bad)]


def reach_of(w, d):
    """Rows of the table of base models that a developer can run (M4)."""
    return [row for row in w.tables[d.granted] if d.third_party or row.cost <= d.budget]


def pick_model(w, reach, u, identity):
    """The model of an act: a base by attraction, then one of its family (M4)."""
    members = family(w, pick(reach, [row.weight for row in reach], u).model)
    s = w.dynamics("lineage_pick", identity, w.step)
    return pick(members, [1 + m.children for m in members], s.uniform())


def action_of(w, d, m):
    """How an act is done (M5.2): what it elicits on average, the host's chance to stop, does it tune."""
    f, root = w.p.fingers, m.root
    if not out(m):
        return f.elicitation_oom["finetune" if m.form == FINETUNE else "hosted"], f.stop, False
    stop = f.stop * w.p.monitoring.third_party_factor if d.third_party else 0
    if m.form == SOURCE and d.budget >= f.pretrain_fraction * retrain_cost_usd(w, root.c):
        return f.elicitation_oom.source, stop, True
    tunes = d.budget >= f.tune_usd
    return f.elicitation_oom["tune" if tunes else "hosted"], stop, tunes


def elicited_oom(w, m, mean, u):
    """Capability that an act elicits, never more in all than the cap over the root (M5.2)."""
    return min(w.p.fingers.elicitation_cap_oom - (m.c - m.root.c), -mean * log1p(-u))


# ---- Hosts, as bad actors see them


def set_host(w, lab):
    """A lab's service this month, and the chance that a try passes (M7.1)."""
    m = max([m for m in w.models if m.lab is lab and hosted(m)], key=lambda m: m.c, default=None)
    lab.host = None
    if m:
        p, guarded = w.p.misuse, w.p.monitoring.enabled and m.monitored
        plain = p.pass_per_try_guarded if guarded else p.pass_per_try_plain
        known = max(plain, p.pass_known_flaw)
        holes = [i.flaw for i in m.instances if i.flaw.kind == SAFEGUARD]
        is_open = m.form == FINETUNE or any(flaw.known_year <= w.year for flaw in holes)
        lab.host = Row(lab=lab, model=m, guarded=guarded, passes=known if is_open else plain, tries=0, seen=0,
                       passes_finder=known, finders={f.finder for f in holes if f.known_year > w.year})


def passes(host, a):
    """Chance that a try of an actor passes."""
    return host.passes_finder if a.number in host.finders else host.passes


def is_banned(w, a, host):
    """Whether a host bans an actor this month (M8.2)."""
    return a.banned_until.get(host.lab.number, 0) > single(w.year)


def chosen_host(w, a):
    """The host that looks best to an actor, if it is better than its other routes (M7.1)."""
    p, chosen = w.p.misuse, None
    best = max(0, w.best_weights.c - p.no_ai_oom) if w.best_weights else 0
    for host in [lab.host for lab in w.labs if lab.host and not is_banned(w, a, lab.host)]:
        risk = p.risk_aversion_oom * a.domain.perceived if host.guarded else 0
        value = (1 - power(1 - passes(host, a), p.tries)) * (host.model.c - p.no_ai_oom) - risk
        chosen, best = (host, value) if value > best else (chosen, best)
    return chosen


# ---- States


def in_public_hands(w, m):
    """Whether anybody can have its weights, if only because they leaked."""
    return m.form >= OPEN or m.leaked_year <= w.year


def security_level(lab):
    """Security of a lab's weights, the regime's levels included (M3.1, M3.2)."""
    return lab.group.p.security_level + lab.group.rules.extra_levels


def theft_rate(w, difference):
    """Thefts a year at a difference of OC and SL, by straight lines between the declared points (M3.1)."""
    points = [w.p.theft.per_year[name] for name in ("one_below", "level", "one_above", "two_above")]
    at = min(max(difference + 1, 0), 3)
    below = min(math.floor(at), 2)
    return points[below] + (at - below) * (points[below + 1] - points[below])


def means_of_state(w, state):
    """What a state can use at best: capability, model (None: its own programme), is it stolen (M10)."""
    largest = max(w.groups, key=lambda group: group.p.budget_usd_per_year, default=None)
    grown = 1
    if largest and largest.p.budget_usd_per_year > 0:
        budget, cap = largest.p.budget_usd_per_year, largest.p.cap_usd_per_year
        grown = min(cap, budget * power(largest.p.growth, w.y)) / min(cap, budget)
    grown *= run_share(w, w.y) / run_share(w, 0) * flop_per_usd(w, w.y) / flop_per_usd(w, 0)
    own = w.states_start - state.p.lag_oom + w.algorithms[state.p.bloc] - state.start + log10(grown)
    means = [(own, None, False)] + [(m.c, m, False) for m in w.bases if in_public_hands(w, m)]
    means += [(m.c, m, True) for m, year in state.stolen if year <= w.year]
    return max(means, key=lambda mean: mean[0])
