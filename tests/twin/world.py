"""What there is in the twin's world: the state of a replicate, and how its parts are born."""

from __future__ import annotations

import math
from types import SimpleNamespace as Row

from regimes import FORMS, licence
from variates import Key, actor, birth, chance_of_hazard, log10, named, power_of_ten

INTERNAL, HOSTED, FINETUNE, GATED, OPEN, SOURCE = range(len(FORMS))
KINDS = SAFEGUARD, SECURITY, DIFFUSE, CONTROL = ("safeguard", "security", "diffuse", "control")
NEVER, SLACK = math.inf, 1e-6


class World:
    """The state of one replicate."""

    def __init__(self, config, regime, seeds, replicate):
        """Of a resolved config, under a regime, with the seeds of its streams."""
        self.config, self.p, self.people = config, config.mechanisms, config.population
        self.population = Key(seeds["population"], "population", replicate)
        self.dynamics = Key(seeds["dynamics"], "dynamics", replicate)
        self.start, self.dt, self.step = config.time.start_year, 1 / config.time.steps_per_year, 0
        self.models, self.bases, self.flaws = [], [], []
        self.labs, self.bad_actors, self.developers = [], [], []
        self.events, self.frontier, self.series, self.given = [], [], [], []
        self.openness, self.paused_until, self.pending_switch = 0.0, 0.0, None
        self.study, self.counted_from = regime, self.start
        self.harms, self.observers, self.small = {}, {}, {}
        self.captured_year, self.captor, self.capture_hazard, self.displaced = NEVER, None, 0.0, []
        for make in (make_groups, make_labs, make_states, make_developers, make_bad_actors, make_defenders):
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
    """Blocs (M1.2), labs of all groups, and the models that are given instead of trained (M1.7)."""
    leading = max(w.groups, key=lambda g: (g.follows, g.p.budget_usd_per_year), default=None)
    w.home = leading.p.bloc if leading else "home"
    blocs = {w.home} | {p.bloc for p in [*w.config.labs.values(), *w.config.states.values()]}
    w.algorithms = {bloc: (w.start - 2024.5) * algorithm_gain(w) for bloc in blocs}
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
            identity = birth("model", lab.identity, 0xFFFFFFFF, ordinal)
            w.given.append(Row(p=m, lab=lab, identity=identity, model=None))
    release_given_models(w)


def release_given_models(w):
    """Given models and their later forms come at the beginning of the step of their day; the new ones."""
    new = []
    for given in w.given:
        p, by = given.p, w.end_of_step - SLACK
        if not given.model and p.year < by:
            given.model = add_model(
                w, given.lab, identity=given.identity, c=p.capability_oom, visible=p.capability_oom,
                born=p.year, alignment=alignment(w, given.lab.group.p.safety_share), given=True,
                form=FORMS.index(p.form), licence=licence(p.licence), monitored=p.monitored)
            new.append(given.model)
        moves = given.model and not given.model.withdrawn  # withdrawn for good (M13)
        for form in [FORMS.index(later.form) for later in p.later if moves and later.year < by]:
            given.model.form = max(given.model.form, form) if given.model.form >= GATED else form
    return new


def make_states(w):
    """Adversary states (M10), each in a race for the best model of each lab (M3.1)."""
    w.states_start = max([m.c for m in w.models] + [w.p.misuse.no_ai_oom])
    names = sorted(w.config.states) if w.config.ai and w.p.states.enabled else []
    w.states = [Row(number=k, p=w.config.states[name], start=w.algorithms[w.config.states[name].bloc],
                    targets={}, stolen=[]) for k, name in enumerate(names)]


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
    w.domains = [Row(name=name, tag=k + 1, p=p, perceived=0.0) for k, (name, p) in enumerate(domains)]
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
    w.against_states = Row(name="against states", tag=-1, p=w.p.states)
    for d in [*w.domains, w.against_states]:
        d.base = d.level = d.p.defence_start_oom


def alignment(w, safety):
    """What a safety share gives (M1.5)."""
    return w.p.training.alignment_max * chance_of_hazard(safety / w.p.training.safety_reference)


def add_model(w, lab, parent=None, **born):
    """A base model of a lab, or a derivative of a parent (M5.5), with its flaws."""
    m = Row(number=len(w.models), lab=lab, parent=parent, children=0, instances=[], offered=0,
            leaked_year=NEVER, leak_hazard=0, use_users=0, use_developers=0, withdrawn=False, hit_step=None,
            **born)
    m.root, m.layers = (parent.root, parent.layers + 1) if parent else (m, 0)
    strip_success = lab.group.p.get("strip_success", w.p.misuse.strip_success)
    m.strippable = w.dynamics("strip", m.root.identity).uniform() < strip_success
    m.leak_threshold = w.dynamics("leak", m.identity).exponential()
    w.models.append(m)
    add_flaws(w, m, None if parent else lab.newest)
    if parent:
        parent.children += 1
    else:
        w.bases.append(m)
        lab.best, lab.newest = max(lab.best, m.c), m
    return m


def add_flaws(w, m, previous):
    """Flaws of a model's own layer, those of its parent, and those of its maker's previous model (M6.1)."""
    p, share = w.p.flaws, w.p.derivatives.layer_flaws if m.parent else 1
    m.instances += m.parent.instances if m.parent else []
    for number, kind in enumerate(KINDS if p.enabled else ()):
        n = w.dynamics("flaw_count", m.identity, 0, 16 * number).poisson(share * p.mean[kind])
        for identity in [birth("flaw", m.identity, number, j) for j in range(n)]:
            s = w.dynamics("flaw_birth", identity)
            virulence = s.truncated_power(p.virulence_index, p.virulence_low, p.virulence_high)
            deep, unwarned = s.uniform() < p.deep_share, s.uniform() < p.unwarned_share
            w.flaws.append(Row(number=len(w.flaws), identity=identity, kind=kind, virulence=virulence,
                               fixes=[], told=[], deep=deep, unwarned=unwarned and kind == CONTROL))
            hide(w, w.flaws[-1])
            m.instances.append(Row(flaw=w.flaws[-1], virulence=virulence, origin=m))
    for flaw in [i.flaw for i in previous.instances] if p.enabled and previous else []:
        chance = p.carryover if flaw.found_year == NEVER else 1 - w.p.patches.strength if flaw.deep else 0
        identity = birth("flaw", flaw.identity, m.identity, 0)
        if w.dynamics("flaw_carryover", identity).uniform() < chance:
            m.instances.append(Row(flaw=flaw, virulence=flaw.virulence, origin=m))


def hide(w, flaw):
    """A new flaw, or what a fix leaves of one, is unknown to all (M6.4)."""
    draw = 2 * len(flaw.fixes)
    flaw.eyes_hazard = flaw.bad_hazard = 0
    flaw.found_year, flaw.known_year, flaw.finder = NEVER, NEVER, None
    flaw.eyes_threshold = w.dynamics("flaw_found_by_eyes", flaw.identity, 0, draw).exponential()
    flaw.bad_threshold = w.dynamics("flaw_found_by_bad_actors", flaw.identity, 0, draw).exponential()
