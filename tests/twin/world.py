"""What there is in the twin's world: the state of a replicate, and how its parts are born."""

from __future__ import annotations

import math
from types import SimpleNamespace as Row

from regimes import FORMS, licence
from variates import Key, actor, birth, chance_of_hazard, log10, named, power_of_ten

INTERNAL, HOSTED, FINETUNE, GATED, OPEN, SOURCE = range(len(FORMS))
KINDS = SAFEGUARD, SECURITY, DIFFUSE, CONTROL = ("safeguard", "security", "diffuse", "control")
NEVER = math.inf


class World:
    """The state of one replicate."""

    def __init__(self, config, regime, seeds, replicate):
        """Of a resolved config, under a regime, with the seeds of its streams."""
        self.config, self.p, self.people = config, config.mechanisms, config.population
        self.population = Key(seeds["population"], "population", replicate)
        self.dynamics = Key(seeds["dynamics"], "dynamics", replicate)
        self.start, self.dt, self.step = config.time.start_year, 1 / config.time.steps_per_year, 0
        self.models, self.flaws, self.labs, self.bad_actors, self.developers = [], [], [], [], []
        self.events, self.frontier, self.series = [], [], []
        self.openness, self.paused_until, self.pending_switch = 0.0, 0.0, None
        self.study, self.counted_from = regime, self.start
        for make in (make_groups, make_labs, make_developers, make_bad_actors, make_defenders):
            make(self)

    y = property(lambda self: self.step * self.dt)
    year = property(lambda self: self.start + self.y)
    end_of_step = property(lambda self: self.year + self.dt)


def make_groups(w):
    """Groups of labs (M1.3), each under the regime under study or one of its own."""
    w.groups = [
        Row(name=name, number=number, p=p, follows=not p.get("regime"), pace_years=0.0,
            regime=p.get("regime") or w.study, frozen_year=NEVER)
        for number, (name, p) in enumerate(sorted(w.config.labs.items()))
    ]


def make_labs(w):
    """Labs of all groups, with their initial models (M1.7)."""
    w.algorithms_oom = (w.start - 2024.5) * algorithm_gain(w)
    for group in w.groups if w.config.ai else []:
        own = []
        for rank in range(1, group.p.count + 1):
            identity = birth("lab", named(group.name), 0, rank)
            phase = group.p.cadence_months * w.population("lab_phase", identity).uniform()
            own.append(Row(number=len(w.labs), identity=identity, group=group, rank=rank, phase=phase,
                           best=-NEVER, learnt=-NEVER, newest=None))
            w.labs.append(own[-1])
        for ordinal, m in enumerate(sorted(group.p.initial_models, key=lambda m: m.year)):
            lab = own[m.rank - 1]
            add_model(w, lab, identity=birth("model", lab.identity, 0xFFFFFFFF, ordinal), c=m.capability_oom,
                      visible=m.capability_oom, safety=group.p.safety_share, born=m.year, given=True,
                      form=FORMS.index(m.form), licence=licence(m.licence), monitored=m.monitored)


def algorithm_gain(w):
    """OOM a year without brakes and spillovers (M1.2)."""
    return 12 * log10(2) / w.p.trends.algorithm_doubling_months


def make_developers(w):
    """Community developers (M5.1), and auditors (M6.2), of whom only the sum of skills matters."""
    p, sd = w.people.developers, w.people.auditors.skill_sd_ln
    spread = p.recklessness_sd_ln
    for number in range(p.count):
        s = {draw: w.population(draw, actor("developer", number)) for draw in (
            "developer_activity", "developer_recklessness", "developer_diligence", "developer_budget",
            "developer_granted", "developer_third_party")}
        log10_usd = p.budget_mean_log10_usd + p.budget_sd_log10_usd * s["developer_budget"].normal()
        w.developers.append(Row(
            number=number, budget=power_of_ten(log10_usd),
            acts=p.weight * w.dt * s["developer_activity"].gamma_with_mean(p.activity_shape, p.activity_mean),
            recklessness=s["developer_recklessness"].lognormal(-(spread**2) / 2, spread),
            diligence=s["developer_diligence"].beta(p.diligence_a, p.diligence_b),
            granted=s["developer_granted"].uniform() < w.p.access.gate_accept,
            third_party=s["developer_third_party"].uniform() < w.p.access.third_party_host))
    w.budgets = sorted(d.budget for d in w.developers)
    skills = [w.population("auditor_skill", actor("auditor", i)) for i in range(w.people.auditors.count)]
    w.auditor_skill = sum(s.lognormal(-(sd**2) / 2, sd) for s in skills)


def make_bad_actors(w):
    """Domains of misuse (M7.2), and small bad actors (M7.1)."""
    p, domains = w.people.bad_actors, sorted(w.config.domains.items())
    w.domains = [Row(name=name, number=k, p=p, perceived=0.0) for k, (name, p) in enumerate(domains)]
    for number in range(p.count if w.domains else 0):
        who = actor("bad_actor", number)
        activity = w.population("bad_actor_activity", who).gamma_with_mean(p.attempts_shape, p.attempts_mean)
        domain = w.population("bad_actor_domain", who).discrete([d.p.share for d in w.domains])
        skill = w.population("bad_actor_skill", who).normal()
        w.bad_actors.append(Row(number=number, attempts=w.dt * activity, skill=skill, banned_until={},
                                domain=w.domains[domain], arrested=False))


def make_defenders(w):
    """Defender organisations (M9), who start with the best there is."""
    best = w.p.misuse.no_ai_oom
    for m in w.models:
        m.offered = 2 if m.form >= GATED else 1 if m.form != INTERNAL else 0
        tuned = w.p.defence.weights_uplift_oom if m.offered == 2 else 0
        best = max(best, m.c + tuned) if m.offered else best
    w.adopted, w.pending = [best] * w.people.defenders.count, []
    w.adopted_start = best if w.adopted else 0.0
    for d in w.domains:
        d.base = d.level = d.p.defence_start_oom


def add_model(w, lab, safety, **born):
    """A model of a lab, with its flaws; alignment comes from the safety share (M1.5)."""
    t = w.p.training
    aligned = t.alignment_max * chance_of_hazard(safety / t.safety_reference)
    m = Row(number=len(w.models), lab=lab, alignment=aligned, instances=[], offered=0, leaked_year=NEVER,
            leak_hazard=0, **born)
    m.root = m
    m.strippable = w.dynamics("strip", m.identity).uniform() < w.p.misuse.strip_success
    m.leak_threshold = w.dynamics("leak", m.identity).exponential()
    w.models.append(m)
    add_flaws(w, m, lab.newest)
    lab.best, lab.newest = max(lab.best, m.c), m
    return m


def add_flaws(w, m, previous):
    """Flaws of a model's own, and those that its maker's previous model hands on (M6.1)."""
    p = w.p.flaws
    for number, kind in enumerate(KINDS if p.enabled else ()):
        n = w.dynamics("flaw_count", m.identity, 0, 16 * number).poisson(p.mean[kind])
        for identity in [birth("flaw", m.identity, number, j) for j in range(n)]:
            s = w.dynamics("flaw_birth", identity)
            virulence = s.truncated_power(p.virulence_index, p.virulence_low, p.virulence_high)
            deep, unwarned = s.uniform() < p.deep_share, s.uniform() < p.unwarned_share
            w.flaws.append(Row(number=len(w.flaws), identity=identity, kind=kind, virulence=virulence,
                               fixes=[], deep=deep, unwarned=unwarned and kind == CONTROL))
            hide(w, w.flaws[-1])
            m.instances.append(Row(flaw=w.flaws[-1], virulence=virulence))
    for flaw in [i.flaw for i in previous.instances] if p.enabled and previous else []:
        chance = p.carryover if flaw.found_year == NEVER else 1 - w.p.patches.strength if flaw.deep else 0
        identity = birth("flaw", flaw.identity, m.identity, 0)
        if w.dynamics("flaw_carryover", identity).uniform() < chance:
            m.instances.append(Row(flaw=flaw, virulence=flaw.virulence))


def hide(w, flaw):
    """A new flaw, or what a fix leaves of one, is unknown to all (M6.4)."""
    draw = 2 * len(flaw.fixes)
    flaw.eyes_hazard = flaw.bad_hazard = 0
    flaw.found_year, flaw.known_year, flaw.finder = NEVER, NEVER, None
    flaw.eyes_threshold = w.dynamics("flaw_found_by_eyes", flaw.identity, 0, draw).exponential()
    flaw.bad_threshold = w.dynamics("flaw_found_by_bad_actors", flaw.identity, 0, draw).exponential()
