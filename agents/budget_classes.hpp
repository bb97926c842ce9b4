// How far a budget reaches (M14): what it could train again today, and how far that lies behind the
// frontier.
#pragma once

namespace fingers {

struct World;

/// Capability of the best model that so much money could train today, the compute commons included
/// [OOM].
double retrainable_oom(const World& world, double budget_usd);

/// The frontier over that [OOM]; negative where the money would go beyond it, NaN without a model.
double retrainable_lag_oom(const World& world, double budget_usd);

/// Months since the frontier stood where a capability is; 0 at or before the frontier. Before the
/// start the frontier is taken to have grown as the trends say (M1.1 to M1.3). NaN without a
/// frontier.
double months_behind(const World& world, double capability_oom);

/// Cost of repeating the frontier's training over the largest budget among developers, the compute
/// commons included; NaN without developers or models.
double retrain_cost_over_pool(const World& world);

}  // namespace fingers
