// FINGERS-1 as a user of plain object-oriented C++ writes it: an actor is an object with a virtual
// step, and all share one std::mt19937_64. One thread.
//
//   bench_plain [--agents N] [--setting dense|sparse] [--months T] [--replicates R] [--seed S]
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ctime>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/memory_gate.hpp"

namespace {

struct Setting {
  double malicious_rate;
  double honest_rate;
  double learning;
};

struct Event {
  int month;
  std::size_t actor;
  int model;
  double severity;
};

/// What all actors see, and where they leave what they do.
struct World {
  std::mt19937_64 generator;
  std::uniform_real_distribution<double> uniform{0, 1};
  std::vector<Event> events;
  int month = 0;
  double defence = 5;
  double effort = 1;
  std::size_t n_attempts = 0;
  std::size_t n_seen = 0;

  double draw() { return uniform(generator); }
};

class Agent {
 public:
  Agent() = default;
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  Agent(Agent&&) = delete;
  Agent& operator=(Agent&&) = delete;
  virtual ~Agent() = default;
  virtual void step(World& world) = 0;
};

class Actor : public Agent {
 public:
  Actor(std::size_t identity, World& world, const Setting& setting) : identity_(identity) {
    std::uniform_int_distribution<int> any_model(0, 7);
    std::lognormal_distribution<double> any_skill(std::log(0.5), 1);
    std::normal_distribution<double> normal;
    model_ = any_model(world.generator);
    const bool is_malicious = world.draw() < 0.1;
    skill_ = any_skill(world.generator);
    const double typical = is_malicious ? setting.malicious_rate : setting.honest_rate;
    rate_ = std::min(0.5, typical * std::exp(0.5 * normal(world.generator) - 0.125));
    has_access_ = !is_hosted() || world.draw() < 0.9;
  }

  void step(World& world) override {
    if (!has_access_ || is_banned_ || world.draw() >= rate_ * world.effort) {
      return;
    }
    ++world.n_attempts;
    const double x = skill_ + 0.25 * model_ + 0.03 * world.month - world.defence;
    if (world.draw() < 1 / (1 + std::exp(-x))) {
      const double severity = std::pow(1 - world.draw(), -1 / 1.5);
      world.events.push_back({world.month, identity_, model_, severity});
      world.n_seen += severity >= 2 ? 1 : 0;
    }
    if (is_hosted() && world.draw() < 0.2) {
      is_banned_ = true;
    }
  }

 private:
  [[nodiscard]] bool is_hosted() const { return model_ % 2 == 1; }

  std::size_t identity_;
  int model_;
  double skill_;
  double rate_;
  bool has_access_;
  bool is_banned_ = false;
};

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct Totals {
  std::vector<std::size_t> attempts;
  std::vector<std::size_t> events;
  double setup = 0;
  double stepping = 0;
};

void run(std::size_t n, const Setting& setting, int n_months, std::uint64_t seed, Totals& totals) {
  const double began = processor_seconds();
  World world;
  world.generator.seed(seed);
  std::vector<std::unique_ptr<Agent>> agents;
  agents.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    agents.push_back(std::make_unique<Actor>(i, world, setting));
  }
  const double made = processor_seconds();
  for (; world.month < n_months; ++world.month) {
    world.effort = 1 / (1 + 0.1 * (world.defence - 5));
    world.n_seen = 0;
    for (const auto& agent : agents) {
      agent->step(world);
    }
    world.defence += setting.learning * static_cast<double>(world.n_seen) / static_cast<double>(n);
  }
  totals.stepping += processor_seconds() - made;
  totals.setup += made - began;
  totals.attempts.push_back(world.n_attempts);
  totals.events.push_back(world.events.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t n = 1000000;
  std::string setting = "dense";
  int n_months = 60;
  int replicates = 1;
  std::uint64_t seed = 1;
  CLI::App app("FINGERS-1 in plain object-oriented C++, timed");
  app.add_option("--agents", n);
  app.add_option("--setting", setting)->check(CLI::IsMember({"dense", "sparse"}));
  app.add_option("--months", n_months);
  app.add_option("--replicates", replicates);
  app.add_option("--seed", seed);
  CLI11_PARSE(app, argc, argv);
  const Setting numbers =
      setting == "dense" ? Setting{0.2, 0.005, 100} : Setting{0.002, 0.00005, 10000};
  Totals totals;
  for (int r = 0; r < replicates; ++r) {
    run(n, numbers, n_months, seed + static_cast<std::uint64_t>(r), totals);
  }
  const double agent_steps = static_cast<double>(n) * n_months * replicates;
  fmt::print(
      R"({{"implementation": "plain C++", "agents": {}, "setting": "{}", "threads": 1, )"
      R"("months": {}, "setup_ns_per_agent": {:.4g}, "step_cpu_s": {:.6g}, )"
      R"("agent_steps_per_cpu_s": {:.4g}, "peak_mb": {:.1f}, "attempts": [{}], "events": [{}]}})"
      "\n",
      n, setting, n_months, 1e9 * totals.setup / (static_cast<double>(n) * replicates),
      totals.stepping, agent_steps / totals.stepping,
      1e-6 * static_cast<double>(fingers::peak_resident_bytes()), fmt::join(totals.attempts, ", "),
      fmt::join(totals.events, ", "));
  return 0;
}
