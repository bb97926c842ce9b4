// Where two runs part, as text and as JSON.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agents/month_log.hpp"
#include "cli/run_account.hpp"

namespace fingers {

/// What `fingers diff` found. Nothing parted: `month` is empty.
struct Difference {
  std::string path_a;
  std::string path_b;
  /// What is said of the runs, and parameters, that are not the same: name, value of A, value of B.
  std::vector<std::array<std::string, 3>> inputs;
  std::optional<PartedMonth> month;
  bool by_stored_digests = false;  ///< the month was found so
  std::optional<Parting> parting;  ///< of that month; none where one of the runs has ended before
  std::vector<std::string> warnings;
};

/// Names and values that differ.
std::vector<std::array<std::string, 3>> different_inputs(const RunAccount& a, const RunAccount& b);

std::string text_of(const Difference& difference);
std::string json_of(const Difference& difference);

}  // namespace fingers
