// Workers make runs, the calling thread writes them and shows how far the batch is. Tested by
// tests/engine/ensemble_test.cpp.
#include "engine/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <thread>

#include "engine/contract.hpp"
#include "engine/contracts_throw.hpp"
#include "engine/memory_gate.hpp"
#include "engine/parallel.hpp"
#include "engine/parts.hpp"
#include "engine/run_sources.hpp"
#include "engine/signals.hpp"
#include "engine/watched_outcome.hpp"

namespace fingers {

namespace {

constexpr int kPollMilliseconds = 50;
/// Of the limit of memory, the part that runs may take who wait for a segment, and the part of
/// those who are in one.
constexpr std::uint64_t kShareOfGathered = 16;

/// A batch's last runs, of each thread: what was gathered before them is written while they are
/// made, so that little is left to be written when nobody makes runs any more.
constexpr std::uint64_t kLastRuns = 12;

/// A run whose function threw.
RunRecord failed_run(std::string why) {
  RunRecord record;
  record.status = RunStatus::failed;
  record.failure = why.empty() ? "unknown reason" : std::move(why);
  return record;
}

SegmentLimits limits_of(const EnsembleOptions& options) {
  SegmentLimits limits = options.segments;
  if (options.memory_bytes > 0) {
    limits.bytes = std::min(limits.bytes, options.memory_bytes / kShareOfGathered);
  }
  return limits;
}

/// One batch under way.
class Batch {
 public:
  Batch(const RunFunction& run, const DatasetDescription& description,
        const EnsembleOptions& options, const FoundRuns& found);

  /// Runs all, or until a stop; hands every run to the writer.
  EnsembleReport execute(SegmentWriter& writer, Progress& progress);
  /// Replicates of each point that the file shall have.
  [[nodiscard]] std::uint32_t replicates() const;
  [[nodiscard]] const BatchState& state() const { return report_.state; }

 private:
  void set_replicates(std::uint32_t replicates);
  void make_replicates(SegmentWriter& writer, Progress& progress);
  void produce();
  void make_run(std::uint64_t number);
  void consume(SegmentWriter& writer, Progress& progress);
  void note(const RunRecord& record);
  [[nodiscard]] bool is_there(std::uint64_t number) const {
    return found_.finished.has(number) && !(options_.retry_failed && found_.failed.has(number));
  }
  /// The number of the i-th run of this shard.
  [[nodiscard]] std::uint64_t number_of(std::uint64_t i) const {
    return options_.shard + i * options_.n_shards;
  }
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

  const RunFunction& run_;
  const Design& design_;
  const EnsembleOptions& options_;
  const FoundRuns& found_;
  const std::atomic<bool>& stop_;
  int threads_;
  RunQueue queue_;
  MemoryGate memory_;
  std::atomic<bool> halt_{false};  ///< no new runs: a stop, or a writer that cannot go on
  std::uint32_t replicates_ = 0;   ///< that are made at present
  std::uint64_t next_ = 0;         ///< runs of this shard before it have been handed out
  std::optional<PrecisionRule> rule_;
  std::optional<WatchedOutcome> watched_;
  EnsembleReport report_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

Batch::Batch(const RunFunction& run, const DatasetDescription& description,
             const EnsembleOptions& options, const FoundRuns& found)
    : run_(run),
      design_(description.design),
      options_(options),
      found_(found),
      stop_(options.stop == nullptr ? stop_requested() : *options.stop),
      threads_(options.threads > 0 ? options.threads : available_threads()),
      // room for what comes while a segment is written
      queue_(2 * static_cast<std::size_t>(threads_), limits_of(options).bytes),
      memory_(options.memory_bytes) {
  if (options.precision) {
    rule_.emplace(*options.precision, design_.crossed ? design_.n_settings : 1,
                  static_cast<std::uint32_t>(design_.n_combinations()));
    watched_.emplace(options.precision->outcome_index, design_.points.size());
    watched_->read(found.sources);
  }
}

/// The batch is now of so many replicates.
void Batch::set_replicates(std::uint32_t replicates) {
  replicates_ = replicates;
  const std::uint64_t all = design_.points.size() * std::uint64_t{replicates};
  BatchState& state = report_.state;
  state.total = all > options_.shard ? (all - options_.shard - 1) / options_.n_shards + 1 : 0;
  for (std::uint64_t i = next_; i < state.total; ++i) {
    if (is_there(number_of(i))) {
      ++(found_.failed.has(number_of(i)) ? state.failed : state.done);
      ++state.before;
    }
  }
}

/// Those that were asked for; a batch that stopped on its way to what was there keeps that.
std::uint32_t Batch::replicates() const {
  const std::uint64_t n_points = design_.points.size();
  const std::uint64_t there = (found_.finished.end() + n_points - 1) / n_points;
  return report_.stopped ? std::max(replicates_, static_cast<std::uint32_t>(there)) : replicates_;
}

void Batch::make_run(std::uint64_t number) {
  if (is_there(number)) {
    return;
  }
  memory_.enter();
  if (stop_.load() || halt_.load()) {
    halt_.store(true);
    memory_.leave();
    return;
  }
  const auto point = static_cast<std::uint32_t>(number % design_.points.size());
  const auto replicate = static_cast<std::uint32_t>(number / design_.points.size());
  RunRecord record = attempt_run(run_, point, replicate);
  if (record.status == RunStatus::failed && options_.failures == Failures::fast) {
    halt_.store(true);
  }
  memory_.leave();
  queue_.push(std::make_unique<RunRecord>(std::move(record)));
}

void Batch::produce() {
  for_each_index(
      report_.state.total - next_, threads_,
      [this](std::uint64_t i) { make_run(number_of(next_ + i)); }, halt_);
}

void Batch::note(const RunRecord& record) {
  if (watched_) {
    watched_->note(record);
  }
  BatchState& state = report_.state;
  if (record.status == RunStatus::failed) {
    ++state.failed;
    if (report_.first_failure.empty()) {
      report_.first_failure =
          fmt::format("point {} ({}), replicate {}: {}", record.point,
                      design_.points[record.point].name, record.replicate, record.failure);
    }
    return;
  }
  ++state.done;
  if (!record.tables.empty() && !record.tables.front().empty()) {
    state.events += column_length(record.tables.front().front());
  }
}

void Batch::consume(SegmentWriter& writer, Progress& progress) {
  while (!queue_.finished()) {
    std::unique_ptr<RunRecord> record = queue_.pop(kPollMilliseconds);
    if (record) {
      note(*record);
      writer.add(std::move(record));
      if (report_.state.left() == kLastRuns * static_cast<std::uint64_t>(threads_)) {
        writer.flush();
      }
    } else {
      writer.flush_when_due();
    }
    report_.state.seconds = seconds();
    progress.update(report_.state);
  }
  writer.flush();
}

/// Makes what is not there yet of the present number of replicates.
void Batch::make_replicates(SegmentWriter& writer, Progress& progress) {
  queue_.open();
  std::exception_ptr failure;
  std::thread producer([this, &failure] {
    try {
      produce();
    } catch (...) {
      failure = std::current_exception();
    }
    queue_.close();
  });
  try {
    consume(writer, progress);
  } catch (...) {
    halt_.store(true);
    queue_.abort();
    producer.join();
    throw;
  }
  producer.join();
  if (failure) {
    std::rethrow_exception(failure);
  }
  next_ = report_.state.total;
  report_.stopped = report_.state.left() > 0;
}

EnsembleReport Batch::execute(SegmentWriter& writer, Progress& progress) {
  for (bool goes_on = true; goes_on;) {
    set_replicates(rule_ ? rule_->wanted() : design_.replicates);
    make_replicates(writer, progress);
    if (!rule_ || report_.stopped) {
      break;
    }
    watched_->feed(*rule_);
    report_.look = rule_->look();
    goes_on = report_.look->verdict == Verdict::goes_on;
  }
  report_.state.seconds = seconds();
  return report_;
}

}  // namespace

RunRecord attempt_run(const RunFunction& run, std::uint32_t point, std::uint32_t replicate) {
  const ContractsThrow contracts;
  RunRecord record;
  try {
    record = run(point, replicate);
  } catch (const std::bad_alloc&) {
    record = failed_run("out of memory");
  } catch (const std::exception& error) {
    record = failed_run(error.what());
  } catch (...) {
    record = failed_run("");
  }
  record.point = point;
  record.replicate = replicate;
  return record;
}

namespace {

/// Joins what a batch has made with what was there.
MergeReport merge_batch(const DatasetDescription& description, const EnsembleOptions& options) {
  const bool goes_on = options.opening == Opening::go_on;
  const std::vector<std::string> places =
      goes_on ? places_of(options.output_path)
              : std::vector<std::string>{parts_folder(options.output_path).string()};
  return merge_runs(options.output_path, description, find_runs(places, description).sources,
                    options.threads);
}

}  // namespace

EnsembleReport run_ensemble(const RunFunction& run, const DatasetDescription& description,
                            const EnsembleOptions& options) {
  EXPECT_CONTRACT(!description.design.points.empty() && options.shard < options.n_shards);
  EXPECT_CONTRACT(!options.precision || options.n_shards == 1);
  Progress progress(options.progress);
  EnsembleReport report;
  DatasetDescription made = description;
  {
    SegmentWriter writer(options.output_path, description, options.shard, options.opening,
                         limits_of(options));
    FoundRuns found;
    if (options.opening == Opening::go_on) {
      found = find_runs(places_of(options.output_path), description);
    }
    Batch batch(run, description, options, found);
    try {
      report = batch.execute(writer, progress);
    } catch (...) {
      progress.finish(batch.state());  // so that an error does not stand in a line of progress
      throw;
    }
    made.design.replicates = batch.replicates();
  }
  if (options.n_shards == 1) {
    report.merge = merge_batch(made, options);
    report.merged = true;
  }
  progress.finish(report.state);
  return report;
}

}  // namespace fingers
