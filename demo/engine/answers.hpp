// What the module says of itself and of a batch, as JSON for a page: names, units, ranges and
// meanings come from the same declarations as everywhere.
#pragma once

#include <string>
#include <string_view>

#include "agents/simulation.hpp"

namespace fingers {

/// `{"version", "results_version", "regimes": [{"name", "text"}]}`; each text is the JSON of a
/// built-in regime, as it stands in its file.
std::string about_json(std::string_view version);

/// `[{"pointer", "line", "column", "message"}]`, in the order in which they are told.
std::string mistakes_json(const Mistakes& mistakes);

/// `{"title", "replicates", "start_year", "dt_years", "steps", "points": [{"name", "regime",
/// "values"}], "factors": [pointer, …]}`. Expects a batch without mistakes.
std::string design_json(const Batch& batch);

/// `[{"pointer", "type", "value", "unit", "low", "high", "belief_low", "belief_high", "source",
/// "meaning"}]`: each parameter with what may be given for it; null where there is no end.
std::string parameters_json(const Batch& batch);

}  // namespace fingers
