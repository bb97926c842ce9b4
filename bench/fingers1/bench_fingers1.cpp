// FINGERS-1 through our engine, timed. One line of JSON: set-up and stepping apart.
//
//   bench_fingers1 --agents 1000000 --setting dense --replicates 20 --threads 2
//
// "attempts" and "events" hold one number for each replicate (for the check against other
// implementations); "hash" is that of all records, in order of replicate.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <ctime>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "bench/fingers1/model.hpp"
#include "engine/memory_gate.hpp"
#include "engine/parallel.hpp"

namespace fingers::fingers1 {
namespace {

struct Options {
  std::uint64_t n_agents = 1000000;
  std::string setting = "dense";
  std::string kernel = "by_rate";
  std::string instructions = "widest";
  std::uint32_t populations = 1;
  std::uint32_t replicates = 20;
  std::uint32_t months = 60;
  int threads = 1;
  std::uint64_t seed = 1;
};

/// Processor and wall seconds since it was made.
class Watch {
 public:
  [[nodiscard]] double wall() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count();
  }
  [[nodiscard]] double processor() const { return now() - processor_; }

 private:
  static double now() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }
  std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
  double processor_ = now();
};

struct Times {
  double wall = 0;
  double processor = 0;
  void add(const Watch& watch) {
    wall += watch.wall();
    processor += watch.processor();
  }
};

/// What came out of each replicate.
struct Results {
  std::vector<double> attempts;
  std::vector<double> events;
  std::vector<std::uint64_t> hashes;
  Times building;
  Times stepping;
  Drawn drawn;            ///< memory that each population uses again
  Population population;  ///< the last one
};

/// All replicates of one population. One more comes first, unmeasured, so that memory is there.
void run_population(const Options& options, const Plan& plan, const LaneKernels& kernels,
                    std::uint32_t number, Results& results) {
  const StreamSeeds seeds = derive_seeds(options.seed + number);
  const Watch build_watch;
  make_population(kernels,
                  {.key = make_key(seeds.population, StreamKind::population, 0),
                   .n_actors = options.n_agents,
                   .setting = plan.setting},
                  results.drawn, results.population);
  results.building.add(build_watch);
  const Population& population = results.population;
  const Fingers1 model(plan, population, kernels);
  const std::atomic<bool> never{false};
  const std::uint32_t first = number * options.replicates;
  const auto run = [&](std::uint64_t r) {
    const RunRecord record = run_world(model, seeds, 0, static_cast<std::uint32_t>(r));
    results.attempts[first + r] = record.outcomes[0];
    results.events[first + r] = static_cast<double>(column_length(record.tables[0][0]));
    results.hashes[first + r] = content_hash(record);
  };
  for_each_index(
      std::min<std::uint32_t>(options.replicates, static_cast<std::uint32_t>(options.threads)),
      options.threads, run, never);
  const Watch watch;
  for_each_index(options.replicates, options.threads, run, never);
  results.stepping.add(watch);
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) {
    total += value;
  }
  return total;
}

void print(const Options& options, const LaneKernels& kernels, const Results& results) {
  std::uint64_t hash = 0;
  for (const std::uint64_t h : results.hashes) {
    hash = (hash ^ h) * 0x100000001B3ULL;
  }
  const double agent_steps = static_cast<double>(options.n_agents) * options.months *
                             static_cast<double>(results.attempts.size());
  fmt::print(
      R"({{"implementation": "engine", "agents": {}, "setting": "{}", "kernel": "{}", )"
      R"("instructions": "{}", "threads": {}, "months": {}, "setup_s": {:.6g}, )"
      R"("setup_ns_per_agent": {:.4g}, "step_wall_s": {:.6g}, "step_cpu_s": {:.6g}, )"
      R"("agent_steps_per_s": {:.4g}, "agent_steps_per_cpu_s": {:.4g}, "attempts_per_s": {:.4g}, )"
      R"("events_per_s": {:.4g}, "peak_mb": {:.1f}, "hash": "{:016x}", )"
      R"("attempts": [{}], "events": [{}]}})"
      "\n",
      options.n_agents, options.setting, options.kernel, kernels.name, options.threads,
      options.months, results.building.processor,
      1e9 * results.building.processor /
          (static_cast<double>(options.n_agents) * options.populations),
      results.stepping.wall, results.stepping.processor, agent_steps / results.stepping.wall,
      agent_steps / results.stepping.processor, sum(results.attempts) / results.stepping.wall,
      sum(results.events) / results.stepping.wall,
      1e-6 * static_cast<double>(peak_resident_bytes()), hash, fmt::join(results.attempts, ", "),
      fmt::join(results.events, ", "));
}

int run(const Options& options, Kernel kernel, const LaneKernels& kernels) {
  const Plan plan = {.setting = options.setting == "dense" ? kDense : kSparse,
                     .kernel = kernel,
                     .n_months = options.months};
  Results results;
  const std::size_t n = std::size_t{options.populations} * options.replicates;
  results.attempts.resize(n);
  results.events.resize(n);
  results.hashes.resize(n);
  for (std::uint32_t p = 0; p < options.populations; ++p) {
    run_population(options, plan, kernels, p, results);
  }
  print(options, kernels, results);
  return 0;
}

int command(int argc, char** argv) {
  const std::map<std::string, Kernel> kernel_names = {{"skips", Kernel::skips},
                                                      {"dense", Kernel::dense},
                                                      {"by_rate", Kernel::by_rate},
                                                      {"calendar", Kernel::calendar}};
  const std::map<std::string, InstructionSet> sets = {{"baseline", InstructionSet::baseline},
                                                      {"avx2", InstructionSet::avx2},
                                                      {"avx512", InstructionSet::avx512}};
  Options options;
  CLI::App app("FINGERS-1 through the engine, timed");
  app.add_option("--agents", options.n_agents, "actors")->check(CLI::Range(1, 1 << 28));
  app.add_option("--setting", options.setting)->check(CLI::IsMember({"dense", "sparse"}));
  app.add_option("--kernel", options.kernel, "who acts: how it is found")
      ->check(CLI::IsMember(kernel_names));
  app.add_option("--instructions", options.instructions)
      ->check(CLI::IsMember({"widest", "baseline", "avx2", "avx512"}));
  app.add_option("--populations", options.populations, "each with its own seed");
  app.add_option("--replicates", options.replicates, "worlds of each population");
  app.add_option("--months", options.months)->check(CLI::Range(1, 255));
  app.add_option("--threads", options.threads, "over replicates")->check(CLI::Range(1, 256));
  app.add_option("--seed", options.seed, "of the first population");
  CLI11_PARSE(app, argc, argv);
  if (options.instructions != "widest" && !has_instructions(sets.at(options.instructions))) {
    fmt::print(stderr, "This processor has no {}.\n", options.instructions);
    return 2;
  }
  return run(options, kernel_names.at(options.kernel),
             options.instructions == "widest" ? lane_kernels()
                                              : lane_kernels(sets.at(options.instructions)));
}

}  // namespace
}  // namespace fingers::fingers1

int main(int argc, char** argv) { return fingers::fingers1::command(argc, argv); }
