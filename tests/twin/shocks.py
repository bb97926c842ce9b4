"""Concentration of power, and shocks to dependants, in the twin's world (M12.1, M13)."""

from __future__ import annotations

from quantities import BY_INTERNAL, CAPTURE, LAB, hosted, out
from recording import note_harm
from regimes import FORMS
from variates import actor, exp, logistic
from world import GATED, HOSTED, INTERNAL, NEVER

SHOCKS = TERMS, WITHDRAW, STOP_RELEASE = ("terms", "withdraw", "stop_release")


def concentrate(w):
    """M12.1: whoever controls much of all use may abuse it, once."""
    p, control, others = w.p.concentration, [0.0] * len(w.labs), 0.0
    for m in w.models:
        if hosted(m) or m.licence.revocable:
            control[m.lab.number] += m.use_users
        else:
            others += w.p.access.third_party_host * m.use_users
    everybody = sum(m.use_users for m in w.models)
    squares = sum(share**2 for share in control) + others**2 / w.p.access.third_party_hosts
    w.month["concentration"] = squares / everybody**2 if everybody > 0 else 0
    if not p.enabled or w.captured_year != NEVER or not w.models:
        return
    best, who = max(m.c for m in w.bases), actor("host", 0)
    rate = p.capture_per_year * max(0, w.month["concentration"] - p.index_reference)
    rate *= logistic((best - p.capture_oom) / p.width_oom)
    threshold, before = w.dynamics("capture", who).exponential(), w.capture_hazard
    w.capture_hazard += rate * w.dt
    if w.capture_hazard >= threshold:
        captor = w.labs[control.index(max(control))]
        w.captured_year, w.captor = w.year + (threshold - before) / rate, captor
        harm = w.dynamics("capture", who, 0, 1).truncated_pareto(p.alpha, p.x_min_musd, p.cap_musd)
        note_harm(w, who, 1, harm, kind=CAPTURE, year=w.captured_year, route=BY_INTERNAL, agent_kind=LAB,
                  agent=captor.number, model=None, group=captor.group, c=best)


def permitted_form(w, lab, form):
    """What capture, or a maker that has stopped releasing, leaves of a form."""
    if w.year >= w.captured_year and lab.group.follows == w.captor.group.follows:
        form = min(form, HOSTED)
    stopped = w.year >= lab.stopped_year and form >= GATED
    return FORMS.index(w.p.shocks.after_stop) if stopped else form


def make_shocks(w):
    """Every maker's first shock of each kind."""
    for lab in w.labs:
        lab.done, lab.terms_year, lab.stopped_year = dict.fromkeys(SHOCKS, 0), -NEVER, NEVER
        lab.due = {kind: w.start + waiting_years(w, lab, kind) for kind in SHOCKS}


def waiting_years(w, lab, kind):
    """Years until a lab's next shock of a kind."""
    rate = w.p.shocks.shock_per_year[kind] if w.p.shocks.enabled else 0
    s = w.dynamics("shock", lab.identity, lab.done[kind], SHOCKS.index(kind))
    return s.exponential() / rate if rate > 0 else NEVER


def is_hit(m, kind):
    """Whether a shock of its maker takes a model from those who use it."""
    by_reference = kind == TERMS and m.licence.terms_by_reference
    return m.form != INTERNAL and (hosted(m) or m.licence.revocable or by_reference)


def shock_dependants(w):
    """M13: shocks that fall into this month."""
    for lab in w.labs:
        for kind in SHOCKS:
            while lab.due[kind] < w.end_of_step:
                year, lab.done[kind] = lab.due[kind], lab.done[kind] + 1
                w.month["shocks"] += 1
                if kind == STOP_RELEASE:
                    lab.stopped_year, lab.due[kind] = year, NEVER
                    continue
                hit = [m for m in w.models if m.lab is lab and m.born <= year and is_hit(m, kind)]
                new = [m for m in hit if m.hit_step != w.step]  # users of others are without a model already
                w.displaced.append((year, sum(m.use_users for m in new), sum(m.use_developers for m in new)))
                for m in new:
                    m.hit_step = w.step
                for m in hit if kind == WITHDRAW else []:
                    m.withdrawn, m.form = True, INTERNAL if hosted(m) else m.form
                lab.terms_year = year if kind == TERMS else lab.terms_year
                lab.due[kind] = year + waiting_years(w, lab, kind)


def not_moved(w, year):
    """Share of those displaced at a time who have not moved by now."""
    return exp(-max(0, w.year - year) * 12 / w.p.shocks.migration_months)


def share_in_reach(w, m):
    """Share of those who would use a model who are not kept from it by its maker."""
    new_terms = m.born <= m.lab.terms_year and is_hit(m, TERMS)
    return 0 if m.withdrawn else 1 - not_moved(w, m.lab.terms_year) if new_terms else 1


def away(w, who):
    """Share of all users (1) or developers (2) who are without any model for now."""
    return sum(displaced[who] * not_moved(w, displaced[0]) for displaced in w.displaced)


def cap_hosts(w):
    """Use that other hosts may not serve, because a licence caps it, goes to models with room (M2.2)."""
    p, freed = w.p.access, 0
    for m in w.bases:
        elsewhere, most = p.third_party_host * m.use_users * out(m), p.third_party_hosts * m.licence.user_cap
        m.is_full = elsewhere * w.users > most
        excess = elsewhere - most / w.users if m.is_full else 0
        freed, m.use_users = freed + excess, m.use_users - excess
    room = sum(m.use_users for m in w.bases if not m.is_full)
    for m in [m for m in w.bases if not m.is_full and freed > 0]:
        m.use_users *= 1 + freed / room
