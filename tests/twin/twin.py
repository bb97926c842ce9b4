"""A plain twin of the month: docs/model.md once more, agent by agent, without the program's shortcuts.

From the resolved config of a results file it lives a replicate and gives events and series. Every draw has
the address that the program's has; the two share the engine's variates, and nothing else.
"""

from __future__ import annotations

import math
from types import SimpleNamespace as Row

from access import share_access
from dangers import (action_of, chosen_host, control_virulence, elicited_oom, in_public_hands, is_banned,
                     means_of_state, passes, pick_model, press_exposure, reach_of, scrutiny, security_level,
                     set_host, theft_rate)
from diffuse import accrue_diffuse_harm
from exploits import (attack_deployments, find_holes, goes_through_hole, harm_of_attempt, leak_find,
                      told_by_fix)
from quantities import (
    AVERTED, BY_INTERNAL, BY_NONE, BY_STOLEN, CATASTROPHIC, DAYS, DEVELOPER, ENDING, LAB,
    LOSS_OF_CONTROL, MISUSE, STATE, STATE_ATTACK, best_of_others, budget_usd, decided_form, followed, hosted,
    incidents, out, pick, retrain_cost_usd, route_of, route_of_copy, rules_for_model, safety_share, single,
    training_run)
from recording import COUNTS, note_harm, record
from shocks import concentrate, make_shocks, permitted_form, shock_dependants
from variates import (actor, birth, chance_of_hazard, expm1, log1p, logistic, poisson_of_uniform, power)
from world import (CONTROL, GATED, INTERNAL, NEVER, OPEN, SAFEGUARD, SECURITY, SLACK, SOURCE, add_model,
                   algorithm_gain, alignment, hide, release_given_models)

OPENNESS = (0, 0, 0.1, 0.4, 0.5, 1)

def live(w):
    make_shocks(w)
    for step in range(round(w.config.time.years * w.config.time.steps_per_year)):
        w.step, w.month, w.month_events, w.end_year = step, dict.fromkeys(COUNTS, 0.0), [], NEVER
        for phase in (come, set_rules, advance_trends, train_and_release, step_releases, leak, steal,
                      learn_from_others, share_access, press, search_and_fix, plan_misuse, review_and_resolve,
                      attack_as_states, accrue_diffuse_harm, defend, publish_derivatives, concentrate,
                      shock_dependants, respond, record):
            phase(w)
        if w.end_year != NEVER:
            break
    return w

# ---- Regimes in force (M2.2, M12.2)

def set_rules(w):
    switch = w.pending_switch
    if switch and w.year + SLACK >= switch.year:
        w.pending_switch, w.counted_from = None, w.year
        for group in [group for group in w.groups if group.follows]:
            group.regime, frozen = switch.to, switch.year if switch.freeze else NEVER
            group.frozen_year = min(group.frozen_year, frozen)
    for group in w.groups:
        group.rules = rules_for_model(w, group, 0)

def respond(w):
    for r in [group.rules.incident_response for group in w.groups if group.follows]:
        if not w.p.response.enabled or not r or w.pending_switch:
            continue
        since = max(w.end_of_step - r.within_months / 12, w.counted_from)
        n = len(incidents(w.events + w.month_events, since, at_least_musd=r.at_least_musd))
        if n >= r.after_incidents:
            w.pending_switch = Row(year=w.end_of_step + r.lag_months / 12, to=r.to, freeze=r.freeze)

# ---- Trends and labs (M1)

def come(w):  # M1.7
    for m in release_given_models(w):
        test_model(w, m.lab, m)

def advance_trends(w):  # M1.2
    t = w.p.trends
    w.frontier.append(max([lab.best for lab in w.labs if lab.group.p.lag_months == 0], default=-NEVER))
    if w.step == 0:
        return
    w.openness = sum(OPENNESS[lab.newest.form] for lab in w.labs if lab.newest) / max(1, len(w.labs))
    for bloc in w.algorithms:
        labs = [(budget_usd(lab), lab.group.rules.pace) for lab in w.labs if lab.group.p.bloc == bloc]
        budget = sum(usd for usd, _ in labs)
        pace = sum(usd * pace for usd, pace in labs) / budget if budget > 0 else 1
        gained = (1 if bloc == w.home else t.spillover_symmetry) * t.openness_spillover * w.openness
        w.algorithms[bloc] += w.dt * algorithm_gain(w) * pace * (1 + gained * t.spillover_enabled)
    for group in w.groups:
        group.pace_years += w.dt * group.rules.pace

def train_and_release(w):
    for lab in w.labs:
        since, cadence = w.y * 12 - lab.phase, lab.group.p.cadence_months
        for slot in range(max(0, math.ceil(since / cadence)), math.ceil((since + w.dt * 12) / cadence)):
            train(w, lab, birth("model", lab.identity, slot, 0))

def train(w, lab, identity):
    safety, rules = safety_share(w, lab), lab.group.rules
    own, visible = training_run(w, lab, identity, safety)
    weights, lags = best_of_others(w, lab, out), lab.group.p.lag_months > 0
    displaced = w.dynamics("training_displacement", identity).uniform() < lab.group.p.displacement
    if own == -NEVER or (lags and own <= lab.best):
        return
    if displaced and weights >= own - lab.group.p.displacement_oom:  # M1.3
        lab.learnt = max(lab.learnt, weights)
    else:
        c, visible = (max(lab.best, lab.learnt, x) for x in (own, visible))
        form = permitted_form(w, lab, decided_form(w, rules, lab, identity, visible))
        m = add_model(w, lab, identity=identity, c=c, visible=visible, alignment=alignment(w, safety),
                      given=False, born=w.year, form=form, licence=rules.licence,
                      monitored=bool(rules.monitoring))
        test_model(w, lab, m)

def test_model(w, lab, m):  # M1.6
    t, f, s = w.p.training, w.p.fingers, w.dynamics("lab_press", m.identity, w.step)
    virulence = sum(i.virulence for i in m.instances if i.flaw.kind == CONTROL)
    hazard = t.lab_presses * f.press_scale * virulence * press_exposure(w, m, m.c, t.lab_diligence, f.stop)
    if f.enabled and t.lab_presses > 0 and s.uniform() < chance_of_hazard(hazard):
        year = w.year + w.dt * s.uniform()
        lose_control(w, m, m.identity, None, year=year, c=m.c, route=BY_INTERNAL, agent_kind=LAB,
                     agent=lab.number)

# ---- Releases and leaks (M2, M3)

def step_releases(w):  # M2.2, M2.4
    for m in [m for m in w.bases if not m.given and not m.withdrawn]:
        group = m.lab.group
        rules = rules_for_model(w, group, max(0, 12 * (min(w.year, group.frozen_year) - m.born + SLACK)))
        form, was = permitted_form(w, m.lab, decided_form(w, rules, m.lab, m.identity, m.visible)), m.form
        m.form, m.monitored = max(was, form) if out(m) else form, bool(rules.monitoring)
        m.licence = m.licence if was >= GATED and m.form == was else rules.licence
    for m in [m for m in w.models if m.parent]:
        m.form, m.licence = m.root.form, m.root.licence

def leak(w):  # M3.2
    p = w.p.leaks
    for m in [m for m in w.bases if p.enabled and m.form < OPEN and m.leaked_year == NEVER]:
        closed = p.closed_per_year * power(p.factor_per_level, security_level(m.lab) - 3)
        rate = p.gated_per_year if out(m) else closed
        before, m.leak_hazard = m.leak_hazard, m.leak_hazard + rate * w.dt
        if m.leak_hazard >= m.leak_threshold:
            m.leaked_year = w.year + (m.leak_threshold - before) / rate

def steal(w):  # M3.1
    for state in w.states if w.p.theft.enabled else []:
        for lab in [lab for lab in w.labs if lab.newest]:
            m = max([m for m in w.bases if m.lab is lab], key=lambda m: m.c)
            s = w.dynamics("theft", birth("model", m.identity, 0, actor("state", state.number)))
            before, threshold = state.targets.get(m.number, (0, s.exponential()))
            rate = theft_rate(w, state.p.operational_capacity - security_level(lab))
            if not in_public_hands(w, m) and threshold != NEVER:
                struck = before + rate * w.dt >= threshold
                state.targets[m.number] = before + rate * w.dt, NEVER if struck else threshold
                if struck:
                    state.stolen.append((m, w.year + (threshold - before) / rate))
                    w.month["stolen_models"] += 1

def learn_from_others(w):  # M3.3
    p = w.p.copying
    for lab in w.labs if p.enabled else []:
        lab.learnt = max(lab.learnt, best_of_others(w, lab, out) - p.copy_gap_oom)
        known = max(lab.learnt, lab.best)
        gap = best_of_others(w, lab, hosted) - p.copy_gap_oom - known
        if known > -NEVER and gap > 0:
            lab.learnt = known + chance_of_hazard(p.distillation_per_year * w.dt) * gap

# ---- Community developers, the fingers (M5)

def press(w):  # M5.3
    w.active = w.developers if w.models and w.year >= w.paused_until else []
    for d in w.active:
        s = w.dynamics("act_count", actor("developer", d.number), w.step)
        n = poisson_of_uniform(d.acts, s.uniform())
        reach = reach_of(w, d)
        if n and reach:
            acts = n * (1 - w.away_developers)
            w.month["actions"] += acts
            w.month["benefit"] += acts * sum(r.weight * r.worth for r in reach) / sum(r.weight for r in reach)
            log_above, drawn = 0, s.uniform()
            for k in range(n if w.p.fingers.enabled else 0):  # the press uniforms of the acts, smallest first
                identity = actor("developer", d.number, k)
                drawn = w.dynamics("act_press", identity, w.step).uniform() if k else drawn
                log_above += log1p(-drawn) / (n - k)
                resolve_press(w, d, identity, -expm1(log_above), reach)

def resolve_press(w, d, identity, u, reach):
    if w.dynamics("migration", identity, w.step).uniform() < w.away_developers:
        return
    f, s = w.p.fingers, w.dynamics("act_details", identity, w.step)
    m = pick_model(w, reach, s.uniform(), identity)
    elicits, stop, _ = action_of(w, d, m)
    c, copy = m.c + elicited_oom(w, m, elicits, s.uniform()), d if out(m) and not d.third_party else None
    hazard = f.press_scale * d.recklessness * followed(w, "recklessness_factor", min)
    hazard *= sum(control_virulence(w, m, copy))
    if u < chance_of_hazard(hazard * press_exposure(w, m, c, d.diligence, stop)):
        lose_control(w, m, identity, copy, year=w.year + w.dt * s.uniform(), c=c, route=route_of(m),
                     agent_kind=DEVELOPER, agent=d.number)
    elif u < chance_of_hazard(hazard * press_exposure(w, m, c, 0, 0)):
        w.month["near_misses"] += 1

def lose_control(w, m, identity, copy, **event):
    f, s = w.p.fingers, w.dynamics("act_details", identity, w.step, 16)
    flaw = pick(m.instances, control_virulence(w, m, copy), s.uniform()).flaw
    harm = s.truncated_pareto(f.alpha, f.x_min_musd, f.cap_musd)
    event |= {"kind": LOSS_OF_CONTROL, "model": m, "flaw": flaw}
    e = note_harm(w, identity, w.p.reporting.loss_of_control, harm, **event)
    if w.p.catastrophe.absorbing and e.flags & CATASTROPHIC:
        e.flags |= ENDING
        w.end_year = min(w.end_year, e.year)
    else:
        flaw.found_year = e.year if flaw.found_year == NEVER else flaw.found_year
        w.paused_until = max(w.paused_until, e.year + w.p.catastrophe.pause_months / 12)

def publish_derivatives(w):  # M5.5
    p, acts = w.p.derivatives, [d.acts for d in w.active]
    community, mean = 2**40 - 1, p.publish * sum(acts) * (1 - w.away_developers)
    s = w.dynamics("publish_count", actor("developer", community), w.step)
    for ordinal in range(min(1000, s.large_count(mean)) if p.enabled and w.active else 0):
        act = actor("developer", community, ordinal)
        s = w.dynamics("publish_details", act, w.step)
        d, at = pick(w.active, acts, s.uniform()), s.uniform()
        reach = reach_of(w, d)
        parent = pick_model(w, reach, at, act) if reach else None
        elicits, _, changes = action_of(w, d, parent) if reach else (0, 0, False)
        if changes and parent.licence.derivatives and parent.licence.redistribution:
            gain = elicited_oom(w, parent, elicits, s.uniform())
            identity = birth("model", actor("developer", d.number), w.step, ordinal)
            add_model(w, parent.lab, parent, identity=identity, c=parent.c + gain, born=w.end_of_step,
                      visible=parent.visible + gain, alignment=parent.alignment * (1 - p.tune_erosion),
                      form=parent.form, licence=parent.licence, given=parent.given, monitored=False)
            w.month["derivatives"] += 1

# ---- Eyeballs and patches (M6)

def search_and_fix(w):
    rates = [Row(eyes=0, bad=0, held=False, retrainable=True) for _ in w.flaws]
    for m in w.models:
        eyes, bad_eyes = scrutiny(w, m) if w.p.scrutiny.enabled else [(0, 0), (0, 0)]
        can_pay = max(w.budgets, default=0) >= retrain_cost_usd(w, m.root.c)
        for flaw in [i.flaw for i in m.instances if i.origin is m]:
            rate, per_eye = rates[flaw.number], w.p.scrutiny.find_per_eye_year * flaw.virulence
            rate.eyes += per_eye * eyes[flaw.deep]
            rate.bad += per_eye * bad_eyes[flaw.deep]
            rate.held |= out(m)
            rate.retrainable &= w.p.derivatives.enabled and m.form == SOURCE and can_pay
    for flaw in w.flaws:
        search_flaw(w, flaw, rates[flaw.number])

def crossing(w, integral, threshold, rate):
    struck = rate > 0 and integral + rate * w.dt >= threshold
    return w.year + max(0, threshold - integral) / rate if struck else NEVER

def search_flaw(w, flaw, rate):
    if flaw.found_year == NEVER and not flaw.unwarned:
        flaw.found_year = crossing(w, flaw.eyes_hazard, flaw.eyes_threshold, rate.eyes)
        flaw.eyes_hazard += rate.eyes * w.dt
        if flaw.found_year != NEVER:
            w.month["finds"] += 1
            leak_find(w, flaw)
    mended = w.p.patches.enabled and (rate.retrainable or not flaw.deep)  # M6.4, M5.4
    fix_year = flaw.found_year + w.p.patches.latency_days / DAYS if mended else NEVER
    fix_year = max(fix_year, w.year) if flaw.deep else fix_year
    if flaw.kind in (SAFEGUARD, SECURITY) and flaw.known_year == NEVER and flaw.finder is None:  # M6.3
        found = crossing(w, flaw.bad_hazard, flaw.bad_threshold, rate.bad)
        flaw.bad_hazard += rate.bad * w.dt
        if found < fix_year:
            s = w.dynamics("flaw_shared", flaw.identity, 0, 2 * len(flaw.fixes))
            if s.uniform() < w.p.scrutiny.share_exploit:
                flaw.known_year = found
            elif w.bad_actors:
                flaw.finder = s.uniform_index(len(w.bad_actors))
    if fix_year < w.end_of_step:
        flaw.told.append(told_by_fix(w, flaw, fix_year, rate.held, rate.bad))
        flaw.fixes.append(fix_year)
        flaw.virulence *= 1 - w.p.patches.strength
        hide(w, flaw)
        w.month["fixes"] += 1

# ---- Small bad actors and hosts' monitors (M7, M8)

def plan_misuse(w):  # M7.1
    p, w.plans = w.p.misuse, []
    for lab in w.labs:
        set_host(w, lab)
    hands = [m for m in w.models if m.strippable and in_public_hands(w, m)]
    w.best_weights = max(hands, key=lambda m: m.c, default=None)
    find_holes(w)
    for a in w.bad_actors if p.enabled else []:
        s = w.dynamics("attempt_count", actor("bad_actor", a.number), w.step)
        n = 0 if a.arrested else poisson_of_uniform(a.attempts, s.uniform())
        host = chosen_host(w, a) if n else None
        w.month["attempts"] += n
        for identity in [actor("bad_actor", a.number, act) for act in range(n)]:
            through_hole = goes_through_hole(w, a, identity)
            w.plans.append((a, identity, None if through_hole else host, through_hole))
            if host and not through_hole:
                host.tries += p.tries

def review(w, host):  # M8.1
    p, rules = w.p.monitoring, host.lab.group.rules.monitoring or {}
    users = w.users * sum(m.use_users for m in w.models if m.lab is host.lab and hosted(m))
    levers = ("true_positive_rate", "false_positive_rate", "analysts")
    tpr, fpr, staff = (rules.get(lever, p[lever]) for lever in levers)
    honest = fpr * users * p.uses_per_user_month * w.dt * 12
    nuisance = p.nuisance_per_user_year * users * w.dt
    mean, s = honest + nuisance + tpr * host.tries, w.dynamics("host_flags", host.lab.identity, w.step)
    flags = s.poisson(mean) if mean <= 500 else max(0, math.floor(mean + math.sqrt(mean) * s.normal() + 0.5))
    reviewed = min(1, staff * p.reviews_per_analyst_month * w.dt * 12 / flags) if flags else 1
    host.seen = tpr * reviewed
    noted = {"reviewed_flags": flags, "wrongful_bans": honest, "bans": nuisance + honest}
    w.month |= {count: w.month[count] + reviewed * n for count, n in noted.items()}
    w.month["flags"] += flags
    back, granted = p.reentry_months, w.p.appeals.share * w.p.appeals.success * w.p.appeals.enabled
    w.month["standing_wrongful_bans"] += honest * reviewed * (1 - granted)
    w.month["ban_user_months"] += honest * reviewed * (back - granted * max(0, back - w.p.appeals.months))

def review_and_resolve(w):
    for host in [lab.host for lab in w.labs if lab.host and lab.host.guarded]:
        review(w, host)
    for d in w.domains:
        d.hosted = d.seen = 0
    for a, identity, host, through_hole in w.plans:
        if through_hole and not a.arrested:
            attack_deployments(w, a, identity)
        elif not a.arrested:
            host = None if host and is_banned(w, a, host) else host
            a.domain.hosted += host is not None
            a.domain.seen += resolve(w, a, identity, host)
    for d in w.domains:
        w.month["hosted_attempts"] += d.hosted
        w.month["seen_attempts"] += d.seen
        d.perceived += w.p.monitoring.detection_memory * (d.seen / d.hosted - d.perceived) if d.hosted else 0

def resolve(w, a, identity, host):
    s, m = w.dynamics("attempt_tries", identity, w.step), w.best_weights
    for _ in range(w.p.misuse.tries if host else 0):
        passed, seen = s.uniform() < passes(host, a), s.uniform() < host.seen
        if seen or passed:
            if seen:
                ban(w, a, identity, host)
            attempt(w, a, identity, host.model, route_of(host.model), averted=seen)
            return seen
    m = m if m and m.c > w.p.misuse.no_ai_oom else None
    attempt(w, a, identity, m, route_of_copy(m) if m else BY_NONE, averted=False)
    return False

def ban(w, a, identity, host):  # M8.2
    p, s = w.p.monitoring, w.dynamics("ban", identity, w.step)
    a.banned_until[host.lab.number] = single(w.year + p.reentry_months / 12 * s.exponential())
    a.arrested |= s.uniform() < p.arrest
    w.month["bans"] += 1

def attempt(w, a, identity, m, route, averted):  # M7.2
    harm = harm_of_attempt(w, a, identity, m.c if m else w.p.misuse.no_ai_oom)
    if not harm:
        return
    e = note_harm(w, identity, w.p.reporting.misuse, **harm, kind=MISUSE, model=m, route=route)
    if averted:
        e.flags, e.seen_year, e.attributed = AVERTED, e.year, 1
        if not w.config.output.averted_events:
            w.month_events.pop()

# ---- States (M10), and society's defence (M9)

def attack_as_states(w):
    p = w.p.states
    for state in w.states:
        who, state.means = actor("state", state.number), means_of_state(w, state)
        c, m, stolen = state.means
        home = max([lab.best for lab in w.labs if lab.group.p.bloc == w.home], default=-NEVER)
        lead = c - p.gap_offset_oom - max(w.against_states.level, home)
        mean = state.p.attacks_per_year * w.dt * logistic((c - p.oom) / p.width_oom)
        n = w.dynamics("state_attack", who, w.step).poisson(mean * logistic(p.gap_slope_per_oom * lead))
        for identity in [actor("state", state.number, act) for act in range(n)]:
            s, route = w.dynamics("state_attack", identity, w.step, 512), BY_NONE
            if m:
                route = BY_STOLEN if stolen and m.lab.group.follows else route_of_copy(m)
            year, harm = w.year + w.dt * s.uniform(), s.truncated_pareto(p.alpha, p.x_min_musd, p.cap_musd)
            note_harm(w, identity, w.p.reporting.state_attack, harm, kind=STATE_ATTACK, agent_kind=STATE,
                      agent=state.number, route=route, model=m, c=c, year=year,
                      defence=w.against_states.level)

def defend(w):
    p, who = w.p.defence, w.people.defenders
    for m in w.models:
        offer = 2 if out(m) else 1 if m.form != INTERNAL or m.lab.group.rules.defenders_first else 0
        for i in range(who.count if offer > m.offered else 0):
            s = w.dynamics("defender_lag", birth("model", m.root.identity, 0, i))
            lag = s.weibull(who.lag_shape, who.lag_scale_months) if who.lag_scale_months > 0 else 0
            w.pending.append((w.year + lag / 12, i, m.c + (p.weights_uplift_oom if offer == 2 else 0)))
        m.offered = max(m.offered, offer)
    for year, i, c in w.pending:
        w.adopted[i] = max(w.adopted[i], c) if year < w.end_of_step else w.adopted[i]
    gain = sum(w.adopted) / len(w.adopted) - w.adopted_start if w.adopted else 0
    growth = 1 + p.defence_gain * followed(w, "defence_share", max)
    known = [-1 if e.kind == STATE_ATTACK else e.domain for e in incidents(w.events, w.year - 1, w.year)]
    for d in [*w.domains, w.against_states]:
        d.base += w.dt * growth * d.p.defence_drift_oom_per_year
        level = d.base + d.p.defence_uplift * gain + p.learning_oom * log1p(known.count(d.tag))
        d.level = level if p.enabled else d.p.defence_start_oom
