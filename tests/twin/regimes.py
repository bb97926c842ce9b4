"""Regimes in plain Python: a list of policies, applied in order to rules that start from "no rule"."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

FORMS = ("internal", "hosted", "hosted_finetune", "gated_weights", "open_weights", "full_source")
_TERMS = ("forbidden_share", "revocable", "redistribution", "derivatives", "terms_by_reference",
          "naming_duty", "user_cap")
_LICENCES = {
    "permissive": (0.0, False, True, True, False, False, math.inf),
    "community": (0.3, False, True, True, True, True, 7e8),
    "service_terms": (0.3, True, False, False, True, False, math.inf),
}


def licence(name: str, **own: Any) -> SimpleNamespace:
    """The terms of a named licence, with fields of one's own where they differ."""
    return SimpleNamespace(**(dict(zip(_TERMS, _LICENCES[name], strict=True)) | own))


#: Levers that a kind of policy moves, and the field that says where to; none: one of its own name.
_MOVES = {
    "defence_effort": {"defence_share": "share"},
    "compute_commons": {"compute_commons": "multiplier"},
    "slow_down": {"pace": "pace", "safety_factor": "safety_factor"},
    "security": {"extra_levels": "extra_levels"},
    "liability": {"recklessness_factor": "recklessness_factor"},
    "gate": {"gate_oom": "above_oom", "gate_rule": "rule"},
    "structured_access": {},
    "defenders_first": {},
    "monitoring": {},
    "incident_response": {},
}


def _apply(rules: SimpleNamespace, policy: Any, months_since_release: float) -> None:
    kind = policy.kind
    if kind in ("release", "later_step"):
        if months_since_release >= policy.get("after_months", 0):
            rules.form = FORMS.index(policy.form)
        return
    if kind == "licence":
        rules.licence = licence(policy.named, **{term: policy[term] for term in _TERMS if term in policy})
        return
    if kind == "know_your_customer":
        own = {key: policy[key] for key in ("true_positive_rate", "false_positive_rate", "analysts")}
        before = rules.monitoring or {}
        rules.monitoring = {key: max(before.get(key, -math.inf), own[key]) for key in own}
        return
    for lever, field in _MOVES[kind].items():
        setattr(rules, lever, policy[field])
    if kind == "gate":
        rules.gate_form = FORMS.index(policy.form)
    if not _MOVES[kind]:
        setattr(rules, kind, policy)  # a lever with one policy, which holds all that there is to say


def rules_of(regimes: Any, name: str | None, months_since_release: float) -> SimpleNamespace:
    """The rules of a regime for a model of this age; what it builds on comes first."""
    if name is None:
        return SimpleNamespace(
            form=0, gate_oom=math.inf, gate_form=0, gate_rule="own", licence=licence("permissive"), pace=1.0,
            defence_share=0.0, compute_commons=1.0, safety_factor=1.0, recklessness_factor=1.0,
            extra_levels=0.0, structured_access=None, defenders_first=None, monitoring=None,
            incident_response=None,
        )  # fmt: skip
    regime = regimes[name]
    rules = rules_of(regimes, regime.get("builds_on") or None, months_since_release)
    for policy in regime.policies:
        _apply(rules, policy, months_since_release)
    return rules
