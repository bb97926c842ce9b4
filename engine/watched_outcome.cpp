// Tested by tests/engine/precise_batch_test.cpp.
#include "engine/watched_outcome.hpp"

#include <limits>

#include "engine/contract.hpp"
#include "engine/dataset_reader.hpp"

namespace fingers {

void WatchedOutcome::set(std::uint64_t run, const OutcomeValue& value) {
  if (run >= values_.size()) {
    values_.resize(run + 1, std::numeric_limits<double>::quiet_NaN());
  }
  if (value.finished) {
    values_[run] = value.value;
    finished_.add(run);
  }
}

void WatchedOutcome::read(const std::vector<RunSource>& sources) {
  for (const RunSource& source : sources) {
    DatasetReader file(source.path);
    while (const auto header = file.next()) {
      const bool kept = source.points.empty() || source.points.at(header->point) != kNone;
      if (!kept || header->status != RunStatus::done) {
        continue;
      }
      const std::uint32_t point =
          source.points.empty() ? header->point : source.points[header->point];
      set(std::uint64_t{header->replicate} * n_points_ + point,
          {.value = file.outcomes().at(outcome_index_), .finished = true});
    }
  }
}

void WatchedOutcome::note(const RunRecord& record) {
  const bool done = record.status == RunStatus::done;
  set(std::uint64_t{record.replicate} * n_points_ + record.point,
      {.value = done ? record.outcomes.at(outcome_index_) : 0, .finished = done});
}

void WatchedOutcome::feed(PrecisionRule& rule) const {
  std::vector<OutcomeValue> of_points(n_points_);
  while (rule.replicates() < rule.wanted()) {
    const std::uint64_t first = std::uint64_t{rule.replicates()} * n_points_;
    EXPECT_CONTRACT(first + n_points_ <= values_.size());
    for (std::size_t p = 0; p < n_points_; ++p) {
      of_points[p] = {.value = values_[first + p], .finished = finished_.has(first + p)};
    }
    rule.add(of_points);
  }
}

}  // namespace fingers
