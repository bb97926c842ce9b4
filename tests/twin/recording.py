"""What the twin records of a month (M15).

Freedoms, dependence, surveillance, the home bloc's lead and patch coverage, which only measure, are left out.
"""

from __future__ import annotations

import math
from types import SimpleNamespace as Row

from quantities import AVERTED, CATASTROPHIC, DIFFUSE_HARM, out, recorded, retrain_cost_usd, tick
from variates import power
from world import CONTROL, GATED, HOSTED, INTERNAL, NEVER

COUNTS = ("actions", "near_misses", "attempts", "hosted_attempts", "seen_attempts", "finds", "fixes", "bans",
          "wrongful_bans", "flags", "reviewed_flags", "benefit", "stolen_models", "derivatives", "shocks",
          "exploits", "diffuse_harm_musd", "unseen_diffuse_harm_musd", "standing_wrongful_bans",
          "ban_user_months")


def note_harm(w, identity, report_share, harm, **event):
    """Harm that was done this month, and whether it becomes known."""
    harm = recorded(harm)
    e = Row(severity=harm, flags=CATASTROPHIC if harm >= w.p.catastrophe.musd else 0, **event)
    known = min(1, report_share * power(w.p.reporting.growth, w.y))
    e.seen_year = e.year if e.flags or w.dynamics("report", identity, w.step).uniform() < known else NEVER
    w.month_events.append(e)
    return e


def record(w):
    """Closes the month: events in order of time up to an end, and what the twin measures of the series."""
    for e in sorted(w.month_events, key=lambda e: tick(e.year)):
        if e.year <= w.end_year:
            others = {"domain": 0, "flaw": None, "group": None, "defence": math.nan, "attributed": 0}
            others |= {"began_year": NEVER, "attributed_year": NEVER, "fixed_year": NEVER}
            w.events.append(Row(**others | vars(e)))
            w.events[-1].year = tick(e.year)
    harm = [e.severity for e in w.month_events
            if not e.flags & AVERTED and e.year <= w.end_year and e.kind != DIFFUSE_HARM]
    control = [(m, i.flaw) for m in w.models for i in m.instances if i.flaw.kind == CONTROL]
    w.month |= {
        "harm_musd": sum(harm) + w.month["diffuse_harm_musd"], "users": w.users,
        "algorithms_oom": w.algorithms[w.home], "openness": w.openness, "models": len(w.models),
        "weights_use_share": sum(m.use_users for m in w.models if out(m)),
        "control_virulence": sum(flaw.virulence * m.use_developers for m, flaw in control),
        "retrain_cost_usd": retrain_cost_usd(w, max([m.c for m in w.bases], default=-NEVER)),
        "state_defence_oom": w.against_states.level,
        "state_best_oom": max([state.means[0] for state in w.states], default=math.nan),
    }
    w.month |= {f"defence_{d.name}_oom": d.level for d in w.domains}
    for name, least in (("frontier_oom", INTERNAL), ("accessible_oom", HOSTED), ("weights_oom", GATED)):
        w.month[name] = max([m.c for m in w.bases if m.form >= least], default=math.nan)
    w.series.append(w.month)
