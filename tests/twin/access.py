"""Who uses what in the twin's world (M4): attraction, terms and money, and the spread within families."""

from __future__ import annotations

from bisect import bisect_left
from types import SimpleNamespace as Row

from quantities import hosted, out, run_cost_usd
from shocks import away, cap_hosts, share_in_reach
from variates import exp, logistic, power_of_ten
from world import FINETUNE, GATED, INTERNAL


def afford(w, usd):
    """Share of developers whose budget reaches a sum."""
    return 1 - bisect_left(w.budgets, usd) / len(w.budgets) if w.budgets else 0


def developer_table(w, accepted):
    """Models that a developer may use, by cost of a copy of its own, with the worth of an act (M4, M14)."""
    start, rows = max(w.frontier[0], w.p.misuse.no_ai_oom), []
    for m in w.bases:
        if m.pull > 0 and (m.form != GATED or accepted):
            worth = power_of_ten(w.p.freedom.benefit_slope * (m.c - start))
            worth *= w.p.freedom.benefit_tuning if out(m) or m.form == FINETUNE else 1
            weight = m.pull * (w.p.access.developer_weights_preference if out(m) else 1)
            rows.append(Row(model=m, cost=run_cost_usd(w, m) if out(m) else 0, weight=weight, worth=worth))
    return sorted(rows, key=lambda row: (row.cost, row.model.number))


def share_access(w):
    """Who uses what this month (M4)."""
    p, users = w.p.access, w.people.users
    w.users = users.most * logistic((w.y - users.middle_years) / users.width_years)
    w.away_users, w.away_developers = away(w, 1), away(w, 2)
    best = max([m.c for m in w.bases if m.form != INTERNAL], default=0)
    for m in w.bases:
        m.pull = (1 - m.licence.forbidden_share) * exp(p.adoption_sharpness * (m.c - best)) if m.form else 0
        m.pull *= share_in_reach(w, m)
        m.use_auditors = m.pull * (p.gate_accept if m.form == GATED else 1)
        m.use_users, m.use_developers = m.use_auditors * (p.hosted_preference if hosted(m) else 1), 0
    users, auditors = (sum(getattr(m, use) for m in w.bases) or 1 for use in ("use_users", "use_auditors"))
    for m in w.bases:
        m.use_users, m.use_auditors = m.use_users / users, m.use_auditors / auditors
    cap_hosts(w)
    for m in w.bases:
        m.use_users *= 1 - w.away_users
    w.tables = [developer_table(w, accepted) for accepted in (False, True)]
    for table, share in zip(w.tables, (1 - p.gate_accept, p.gate_accept), strict=True):
        for k, row in enumerate(table):  # those who can pay for this model, and not for the next dearer one
            dearer = afford(w, table[k + 1].cost) if k + 1 < len(table) else 0
            people = (1 - p.third_party_host) * (afford(w, row.cost) - dearer)
            people += p.third_party_host if k + 1 == len(table) else 0
            total = sum(r.weight for r in table[:k + 1])
            for r in table[:k + 1]:
                r.model.use_developers += share * people * r.weight / total
    for m in w.bases:
        m.use_developers *= 1 - w.away_developers
    for base in w.bases:
        base.eyes = base.use_users, base.use_developers, base.use_auditors  # of the whole family (M6.2)
        total = sum(1 + m.children for m in family(w, base))
        for m in reversed(family(w, base)):
            shares = [use * (1 + m.children) / total for use in base.eyes]
            m.use_users, m.use_developers, m.use_auditors = shares
            m.eyes = base.eyes if m is base else shares


def family(w, base):
    """A base model and all that stems from it; use is split ∝ 1 + number of published children (M4)."""
    return [m for m in w.models if m.root is base]
