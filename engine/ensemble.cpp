// Workers make runs, the calling thread writes them and shows how far the batch is. Tested by
// tests/engine/ensemble_test.cpp.
#include "engine/ensemble.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <optional>
#include <thread>

#include "engine/contract.hpp"
#include "engine/parallel.hpp"
#include "engine/signals.hpp"

namespace fingers {

namespace {

constexpr int kPollMilliseconds = 50;

/// One batch under way.
class Batch {
 public:
  Batch(const RunFunction& run, const DatasetDescription& description,
        const EnsembleOptions& options)
      : run_(run),
        design_(description.design),
        stop_(options.stop == nullptr ? stop_requested() : *options.stop),
        threads_(options.threads > 0 ? options.threads : available_threads()),
        queue_(2 * static_cast<std::size_t>(threads_)) {
    report_.state.total = design_.n_runs();
  }

  /// Runs all, or until a stop; hands every run to the writer.
  EnsembleReport execute(SegmentWriter& writer, Progress& progress);
  [[nodiscard]] const BatchState& state() const { return report_.state; }

 private:
  void produce();
  void make_run(std::uint64_t job);
  void consume(SegmentWriter& writer, Progress& progress);
  void note(const RunRecord& record);
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

  const RunFunction& run_;
  const Design& design_;
  const std::atomic<bool>& stop_;
  int threads_;
  RunQueue queue_;
  std::atomic<bool> halt_{false};  ///< no new runs: a stop, or a writer that cannot go on
  EnsembleReport report_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// A run whose function threw.
RunRecord failed_run(std::uint32_t point, std::uint32_t replicate, std::string why) {
  RunRecord record;
  record.point = point;
  record.replicate = replicate;
  record.status = RunStatus::failed;
  record.failure = why.empty() ? "unknown reason" : std::move(why);
  return record;
}

void Batch::make_run(std::uint64_t job) {
  if (stop_.load()) {
    halt_.store(true);
    return;
  }
  const auto point = static_cast<std::uint32_t>(job % design_.points.size());
  const auto replicate = static_cast<std::uint32_t>(job / design_.points.size());
  RunRecord record;
  try {
    record = run_(point, replicate);
    record.point = point;
    record.replicate = replicate;
  } catch (const std::exception& error) {
    record = failed_run(point, replicate, error.what());
  } catch (...) {
    record = failed_run(point, replicate, "");
  }
  queue_.push(std::make_unique<RunRecord>(std::move(record)));
}

void Batch::produce() {
  for_each_index(design_.n_runs(), threads_, [this](std::uint64_t job) { make_run(job); }, halt_);
}

void Batch::note(const RunRecord& record) {
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
    } else {
      writer.flush_when_due();
    }
    report_.state.seconds = seconds();
    progress.update(report_.state);
  }
  writer.flush();
}

EnsembleReport Batch::execute(SegmentWriter& writer, Progress& progress) {
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
  report_.stopped = report_.state.done + report_.state.failed < report_.state.total;
  report_.state.seconds = seconds();
  return report_;
}

}  // namespace

EnsembleReport run_ensemble(const RunFunction& run, const DatasetDescription& description,
                            const EnsembleOptions& options) {
  EXPECT_CONTRACT(!description.design.points.empty());
  Progress progress(options.progress);
  EnsembleReport report;
  {
    SegmentWriter writer(options.output_path, description, 0, options.overwrite, options.segments);
    Batch batch(run, description, options);
    try {
      report = batch.execute(writer, progress);
    } catch (...) {
      progress.finish(batch.state());  // so that an error does not stand in a line of progress
      throw;
    }
  }
  merge_segments(options.output_path, description);
  progress.finish(report.state);
  return report;
}

}  // namespace fingers
