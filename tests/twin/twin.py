"""A plain twin of the month: docs/model.md once more, agent by agent, without the program's shortcuts.

From the resolved config of a results file it lives a replicate and gives events and series. Every draw has
the address that the program's has; the two share the engine's variates, and nothing else.
"""

from __future__ import annotations

import math
from types import SimpleNamespace as Row

from quantities import (
    AVERTED, CATASTROPHIC, DAYS, ENDING, afford, best_weights_of_others, budget_usd, control_virulence,
    developer_table, flop_per_usd, followed, hosted, incidents, out, pick, press_exposure, record, recorded,
    retrain_cost_usd, rules_for_model, safety_share, scrutiny, single)
from variates import (actor, birth, chance_of_hazard, exp, expm1, log1p, log10, logistic, poisson_of_uniform,
                      power, power_of_ten)
from world import (CONTROL, FINETUNE, GATED, HOSTED, INTERNAL, NEVER, OPEN, SAFEGUARD, SECURITY, SOURCE,
                   add_model, algorithm_gain, hide)

MISUSE, LOSS_OF_CONTROL, EXPLOIT, STATE_ATTACK, DIFFUSE_HARM, CAPTURE = range(6)
BY_NONE, BY_INTERNAL, BY_HOSTED, BY_FINETUNE, BY_WEIGHTS, BY_LEAKED, BY_REST, BY_STOLEN = range(8)
DEVELOPER, BAD_ACTOR, LAB, STATE = range(4)
OPENNESS = (0, 0, 0.1, 0.4, 0.5, 1)
SLACK = 1e-6
COUNTS = ("actions", "near_misses", "attempts", "hosted_attempts", "seen_attempts", "finds", "fixes", "bans",
          "wrongful_bans", "flags", "reviewed_flags", "benefit")

def live(w):
    for step in range(round(w.config.time.years * w.config.time.steps_per_year)):
        w.step, w.month, w.month_events, w.end_year = step, dict.fromkeys(COUNTS, 0.0), [], NEVER
        for phase in (set_rules, advance_trends, train_and_release, step_releases, leak, share_access, press,
                      search_and_fix, plan_misuse, review_and_resolve, defend, respond, record):
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

def advance_trends(w):  # M1.2
    w.frontier.append(max([lab.best for lab in w.labs if lab.group.p.lag_months == 0], default=-NEVER))
    if w.step == 0:
        return
    w.openness = sum(OPENNESS[lab.newest.form] for lab in w.labs if lab.newest) / max(1, len(w.labs))
    budget = sum(budget_usd(lab) for lab in w.labs)
    pace = sum(budget_usd(lab) * lab.group.rules.pace for lab in w.labs) / budget if budget > 0 else 1
    w.algorithms_oom += w.dt * algorithm_gain(w) * pace * (1 + w.p.trends.openness_spillover * w.openness)
    for group in w.groups:
        group.pace_years += w.dt * group.rules.pace

def train_and_release(w):
    for lab in w.labs:
        lab.learnt = max(lab.learnt, best_weights_of_others(w, lab) - w.p.training.copy_gap_oom)  # M3.3
        since, cadence = w.y * 12 - lab.phase, lab.group.p.cadence_months
        for slot in range(max(0, math.ceil(since / cadence)), math.ceil((since + w.dt * 12) / cadence)):
            train(w, lab, birth("model", lab.identity, slot, 0))

def train(w, lab, identity):
    safety, rules = safety_share(w, lab), lab.group.rules
    own, visible = training_run(w, lab, identity, safety)
    weights = best_weights_of_others(w, lab)
    displaced = w.dynamics("training_displacement", identity).uniform() < lab.group.p.displacement
    if own > -NEVER and displaced and weights >= own - lab.group.p.displacement_oom:  # M1.3
        lab.learnt = max(lab.learnt, weights)
    elif own > -NEVER:
        c, visible = (max(lab.best, lab.learnt, x) for x in (own, visible))
        form = decided_form(w, rules, identity, visible)
        m = add_model(w, lab, identity=identity, c=c, visible=visible, safety=safety, born=w.year, form=form,
                      licence=rules.licence, given=False, monitored=bool(rules.monitoring))
        test_model(w, lab, m)

def training_run(w, lab, identity, safety):  # M1.4: what it reaches, and what evaluations see of that
    t, lag = w.p.training, lab.group.p.lag_months
    share = min(t.run_share_max, t.run_share * power(t.run_growth, w.y))
    flop = (1 - safety) * share * budget_usd(lab) * flop_per_usd(w, w.y)
    if lag > 0 or flop <= 0:
        at = w.step - math.floor(lag / (12 * w.dt) + 0.5)
        return (w.frontier[at] if lag > 0 and at >= 0 else -NEVER,) * 2
    luck = t.capability_sd_oom * w.dynamics("training_luck", identity).normal()
    own = log10(flop) + w.algorithms_oom + luck
    own += t.bootstrap_oom if any(out(m) and abs(m.c - own) <= 1 for m in w.models) else 0
    s = w.dynamics("training_jump", identity)
    jumps, seen = s.uniform() < t.jump_probability, s.uniform() < t.evaluation_quality
    size = t.jump_mean_oom * s.exponential() if jumps else 0
    return own + size, own + size if seen else own

def test_model(w, lab, m):  # M1.6
    t, f, s = w.p.training, w.p.fingers, w.dynamics("lab_press", m.identity, w.step)
    virulence = sum(i.virulence for i in m.instances if i.flaw.kind == CONTROL)
    hazard = t.lab_presses * f.press_scale * virulence * press_exposure(w, m, m.c, t.lab_diligence, f.stop)
    if f.enabled and t.lab_presses > 0 and s.uniform() < chance_of_hazard(hazard):
        year = w.year + w.dt * s.uniform()
        lose_control(w, m, m.identity, None, year=year, c=m.c, route=BY_INTERNAL, agent_kind=LAB,
                     agent=lab.number)

# ---- Releases and leaks (M2, M3)

def decided_form(w, rules, identity, visible):  # M2.3
    s = w.dynamics("gate_estimate", identity, 0, 4 * rules.form)
    estimate = visible + w.p.release.evaluation_sd_oom * s.normal()
    return min(rules.form, rules.gate_form) if estimate > rules.gate_oom else rules.form

def step_releases(w):  # M2.2, M2.4
    for m in [m for m in w.models if not m.given]:
        group = m.lab.group
        rules = rules_for_model(w, group, max(0, 12 * (min(w.year, group.frozen_year) - m.born + SLACK)))
        form, was = decided_form(w, rules, m.identity, m.visible), m.form
        m.form, m.monitored = max(was, form) if out(m) else form, bool(rules.monitoring)
        m.licence = m.licence if was >= GATED and m.form == was else rules.licence

def leak(w):  # M3.2
    p = w.p.leaks
    for m in [m for m in w.models if p.enabled and m.form < OPEN and m.leaked_year == NEVER]:
        level = m.lab.group.p.security_level + m.lab.group.rules.extra_levels
        rate = p.gated_per_year if out(m) else p.closed_per_year * power(p.factor_per_level, level - 3)
        before, m.leak_hazard = m.leak_hazard, m.leak_hazard + rate * w.dt
        if m.leak_hazard >= m.leak_threshold:
            m.leaked_year = w.year + (m.leak_threshold - before) / rate

# ---- Access and adoption (M4)

def share_access(w):
    p, users = w.p.access, w.people.users
    w.users = users.most * logistic((w.y - users.middle_years) / users.width_years)
    best = max([m.c for m in w.models if m.form != INTERNAL], default=0)
    for m in w.models:
        m.pull = (1 - m.licence.forbidden_share) * exp(p.adoption_sharpness * (m.c - best)) if m.form else 0
        m.use_auditors = m.pull * (p.gate_accept if m.form == GATED else 1)
        m.use_users, m.use_developers = m.use_auditors * (p.hosted_preference if hosted(m) else 1), 0
    users, auditors = (sum(getattr(m, use) for m in w.models) or 1 for use in ("use_users", "use_auditors"))
    for m in w.models:
        m.use_users, m.use_auditors = m.use_users / users, m.use_auditors / auditors
    w.tables = [developer_table(w, accepted) for accepted in (False, True)]
    for table, share in zip(w.tables, (1 - p.gate_accept, p.gate_accept), strict=True):
        for k, row in enumerate(table):  # those who can pay for this model, and not for the next dearer one
            dearer = afford(w, table[k + 1].cost) if k + 1 < len(table) else 0
            people = (1 - p.third_party_host) * (afford(w, row.cost) - dearer)
            people += p.third_party_host if k + 1 == len(table) else 0
            total = sum(r.weight for r in table[:k + 1])
            for r in table[:k + 1]:
                r.model.use_developers += share * people * r.weight / total

# ---- Community developers, the fingers (M5)

def press(w):  # M5.3
    for d in w.developers if w.models and w.year >= w.paused_until else []:
        s = w.dynamics("act_count", actor("developer", d.number), w.step)
        n = poisson_of_uniform(d.acts, s.uniform())
        reach = [row for row in w.tables[d.granted] if d.third_party or row.cost <= d.budget] if n else []
        if reach:
            w.month["actions"] += n
            w.month["benefit"] += n * sum(r.weight * r.worth for r in reach) / sum(r.weight for r in reach)
            log_above, drawn = 0, s.uniform()
            for k in range(n if w.p.fingers.enabled else 0):  # the press uniforms of the acts, smallest first
                identity = actor("developer", d.number, k)
                drawn = w.dynamics("act_press", identity, w.step).uniform() if k else drawn
                log_above += log1p(-drawn) / (n - k)
                resolve_press(w, d, identity, -expm1(log_above), reach)

def resolve_press(w, d, identity, u, reach):
    f, s = w.p.fingers, w.dynamics("act_details", identity, w.step)
    m = pick(reach, [row.weight for row in reach], s.uniform()).model
    copy, how, stop = d if out(m) and not d.third_party else None, "hosted", f.stop
    if m.form == FINETUNE:
        how = "finetune"
    elif out(m):  # M5.2
        trains = m.form == SOURCE and d.budget >= f.pretrain_fraction * retrain_cost_usd(w, m.c)
        how = "source" if trains else "tune" if d.budget >= f.tune_usd else "hosted"
        stop = 0 if copy else f.stop * w.p.monitoring.third_party_factor
    c = m.c + min(f.elicitation_cap_oom, -f.elicitation_oom[how] * log1p(-s.uniform()))
    hazard = f.press_scale * d.recklessness * sum(control_virulence(w, m, copy))
    if u < chance_of_hazard(hazard * press_exposure(w, m, c, d.diligence, stop)):
        route = BY_WEIGHTS if out(m) else BY_FINETUNE if m.form == FINETUNE else BY_HOSTED
        who = {"route": route if m.lab.group.follows else BY_REST, "agent_kind": DEVELOPER, "agent": d.number}
        lose_control(w, m, identity, copy, year=w.year + w.dt * s.uniform(), c=c, **who)
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

def note_harm(w, identity, report_share, harm, **event):  # M15
    harm = recorded(harm)
    e = Row(severity=harm, flags=CATASTROPHIC if harm >= w.p.catastrophe.musd else 0, **event)
    known = min(1, report_share * power(w.p.reporting.growth, w.y))
    e.seen_year = e.year if e.flags or w.dynamics("report", identity, w.step).uniform() < known else NEVER
    w.month_events.append(e)
    return e

# ---- Eyeballs and patches (M6)

def search_and_fix(w):
    rates = [[0, 0] for _ in w.flaws]
    for m in w.models if w.p.scrutiny.enabled else []:
        eyes = scrutiny(w, m)
        for flaw in [i.flaw for i in m.instances]:
            for side in (0, 1):
                per_eye = w.p.scrutiny.find_per_eye_year * flaw.virulence
                rates[flaw.number][side] += per_eye * eyes[side][flaw.deep]
    for flaw in w.flaws:
        search_flaw(w, flaw, *rates[flaw.number])

def crossing(w, integral, threshold, rate):
    struck = rate > 0 and integral + rate * w.dt >= threshold
    return w.year + max(0, threshold - integral) / rate if struck else NEVER

def search_flaw(w, flaw, eyes, bad):
    if flaw.found_year == NEVER and not flaw.unwarned:
        flaw.found_year = crossing(w, flaw.eyes_hazard, flaw.eyes_threshold, eyes)
        flaw.eyes_hazard += eyes * w.dt
        w.month["finds"] += flaw.found_year != NEVER
    mended = w.p.patches.enabled and not flaw.deep
    fix_year = flaw.found_year + w.p.patches.latency_days / DAYS if mended else NEVER
    if flaw.kind in (SAFEGUARD, SECURITY) and flaw.known_year == NEVER and flaw.finder is None:  # M6.3
        found = crossing(w, flaw.bad_hazard, flaw.bad_threshold, bad)
        flaw.bad_hazard += bad * w.dt
        if found < fix_year:
            s = w.dynamics("flaw_shared", flaw.identity, 0, 2 * len(flaw.fixes))
            if s.uniform() < w.p.scrutiny.share_exploit:
                flaw.known_year = found
            elif w.bad_actors:
                flaw.finder = s.uniform_index(len(w.bad_actors))
    if fix_year < w.end_of_step:  # M6.4
        flaw.fixes.append(fix_year)
        flaw.virulence *= 1 - w.p.patches.strength
        hide(w, flaw)
        w.month["fixes"] += 1

# ---- Small bad actors and hosts' monitors (M7, M8)

def plan_misuse(w):  # M7.1
    p, w.plans = w.p.misuse, []
    for lab in w.labs:
        set_host(w, lab)
    hands = [m for m in w.models if m.strippable and (m.form >= OPEN or m.leaked_year <= w.year)]
    w.best_weights = max(hands, key=lambda m: m.c, default=None)
    for a in w.bad_actors if p.enabled else []:
        s = w.dynamics("attempt_count", actor("bad_actor", a.number), w.step)
        n = 0 if a.arrested else poisson_of_uniform(a.attempts, s.uniform())
        host = chosen_host(w, a) if n else None
        w.plans += [(a, act, host) for act in range(n)]
        w.month["attempts"] += n
        if host:
            host.tries += n * p.tries

def set_host(w, lab):
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
    return host.passes_finder if a.number in host.finders else host.passes

def is_banned(w, a, host):
    return a.banned_until.get(host.lab.number, 0) > single(w.year)

def chosen_host(w, a):
    p, chosen = w.p.misuse, None
    best = max(0, w.best_weights.c - p.no_ai_oom) if w.best_weights else 0
    for host in [lab.host for lab in w.labs if lab.host and not is_banned(w, a, lab.host)]:
        risk = p.risk_aversion_oom * a.domain.perceived if host.guarded else 0
        value = (1 - power(1 - passes(host, a), p.tries)) * (host.model.c - p.no_ai_oom) - risk
        chosen, best = (host, value) if value > best else (chosen, best)
    return chosen

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

def review_and_resolve(w):
    for host in [lab.host for lab in w.labs if lab.host and lab.host.guarded]:
        review(w, host)
    for d in w.domains:
        d.hosted = d.seen = 0
    for a, act, host in w.plans:
        if not a.arrested:
            host = None if host and is_banned(w, a, host) else host
            a.domain.hosted += host is not None
            a.domain.seen += resolve(w, a, actor("bad_actor", a.number, act), host)
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
            attempt(w, a, identity, host.model, averted=seen)
            return seen
    attempt(w, a, identity, m if m and m.c > w.p.misuse.no_ai_oom else None, averted=False)
    return False

def ban(w, a, identity, host):  # M8.2
    p, s = w.p.monitoring, w.dynamics("ban", identity, w.step)
    a.banned_until[host.lab.number] = single(w.year + p.reentry_months / 12 * s.exponential())
    a.arrested |= s.uniform() < p.arrest
    w.month["bans"] += 1

def attempt(w, a, identity, m, averted):  # M7.2
    d, c, s = a.domain.p, m.c if m else w.p.misuse.no_ai_oom, w.dynamics("attempt_success", identity, w.step)
    over = c - a.domain.level
    if s.uniform() >= logistic(d.base_logit + w.p.misuse.skill_slope * a.skill + d.balance_per_oom * over):
        return
    year, x_min = w.year + w.dt * s.uniform(), d.x_min_musd * power_of_ten(d.scale_per_oom * max(0, over))
    harm, route = s.truncated_pareto(d.alpha, min(x_min, d.cap_musd / 2), d.cap_musd), BY_NONE
    if m:
        routes = {HOSTED: BY_HOSTED, FINETUNE: BY_FINETUNE, OPEN: BY_WEIGHTS, SOURCE: BY_WEIGHTS}
        route = routes.get(m.form, BY_LEAKED) if m.lab.group.follows else BY_REST
    who = {"route": route, "agent_kind": BAD_ACTOR, "agent": a.number, "domain": a.domain.number + 1}
    e = note_harm(w, identity, w.p.reporting.misuse, harm, kind=MISUSE, model=m, c=c, year=year,
                  defence=a.domain.level, **who)
    if averted:
        e.flags, e.seen_year, e.attributed = AVERTED, e.year, 1
        if not w.config.output.averted_events:
            w.month_events.pop()

# ---- Society's defence (M9)

def defend(w):
    p, who = w.p.defence, w.people.defenders
    for m in w.models:
        offer = 2 if out(m) else 1 if m.form != INTERNAL or m.lab.group.rules.defenders_first else 0
        for i in range(who.count if offer > m.offered else 0):
            s = w.dynamics("defender_lag", birth("model", m.identity, 0, i))
            lag = s.weibull(who.lag_shape, who.lag_scale_months) if who.lag_scale_months > 0 else 0
            w.pending.append((w.year + lag / 12, i, m.c + (p.weights_uplift_oom if offer == 2 else 0)))
        m.offered = max(m.offered, offer)
    for year, i, c in w.pending:
        w.adopted[i] = max(w.adopted[i], c) if year < w.end_of_step else w.adopted[i]
    gain = sum(w.adopted) / len(w.adopted) - w.adopted_start if w.adopted else 0
    for d in w.domains:
        d.base += w.dt * (1 + p.defence_gain * followed(w, "defence_share")) * d.p.defence_drift_oom_per_year
        known = [e for e in incidents(w.events, w.year - 1, w.year) if e.domain == d.number + 1]
        level = d.base + d.p.defence_uplift * gain + p.learning_oom * log1p(len(known))
        d.level = level if p.enabled else d.p.defence_start_oom
