// What `fingers rare` found, as text and as JSON (docs/rare-events.md).
#pragma once

#include <string>
#include <vector>

#include "agents/rare_event.hpp"
#include "engine/splitting_report.hpp"

namespace fingers {

/// A point of the design and what was found for it.
struct RarePoint {
  std::string name;
  SplittingReport report;
};

/// What is looked for, and with which effort.
std::string rare_heading(const Batch& batch);
/// Estimate, cost, and a line for each level; or why there is no estimate.
std::string rare_text(const ScoredSimulation& model, const RarePoint& point);
std::string rare_json(const Batch& batch, const ScoredSimulation& model,
                      const std::vector<RarePoint>& points);

}  // namespace fingers
