// `fingers demo`: the same replicate under several regimes side by side, month by month.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <thread>

#include "agents/batch_input.hpp"
#include "agents/story_words.hpp"
#include "cli/command.hpp"
#include "cli/demo_screen.hpp"
#include "cli/demo_summary.hpp"
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/terminal.hpp"
#include "engine/mistake.hpp"
#include "engine/signals.hpp"
#include "policies/builtin.hpp"

namespace fingers {

namespace {

constexpr std::string_view kClaims = "claims/";
constexpr double kMostSpeed = 1000;
/// Lanes that a screen of 24 rows holds.
constexpr std::size_t kMostLanes = 5;

struct DemoOptions {
  std::string name = "fingers";
  double speed = 6;
  std::uint32_t replicate = 0;
  std::uint32_t replicates = 20;
};

std::vector<std::string> claim_names() {
  std::vector<std::string> names;
  for (const BuiltinConfig& config : builtin_configs()) {
    if (config.name.starts_with(kClaims)) {
      names.emplace_back(config.name.substr(kClaims.size()));
    }
  }
  return names;
}

Batch read_claim(const std::string& name) {
  const TextSource source = [&](const std::string& path, const std::string& from) {
    const std::string builtin = from.empty() ? std::string(kClaims) + name : "baseline";
    return TextAnswer{.text = std::string(builtin_config(builtin)), .path = path, .problem = {}};
  };
  return read_batch_of(name, {}, source, source);
}

/// Points of one middle combination of factors: every regime, or some spread evenly over them.
std::vector<std::uint32_t> points_shown(const Design& design) {
  const std::size_t n = design.n_combinations();
  const std::size_t settings = design.points.size() / n;
  const std::size_t shown = std::min(kMostLanes, settings);
  std::vector<std::uint32_t> points;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t setting = shown == 1 ? 0 : i * (settings - 1) / (shown - 1);
    points.push_back(static_cast<std::uint32_t>(setting * n + n / 2));
  }
  return points;
}

/// Series are recorded in the order of the schema.
double recorded_sum(const World& world, std::string_view quantity) {
  for (std::size_t q = 0; q < world.quantities.size(); ++q) {
    if (world.quantities[q].column.name == quantity) {
      double sum = 0;
      for (const float value : world.series.quantity[q]) {
        sum += std::isnan(value) ? 0.0 : static_cast<double>(value);
      }
      return sum;
    }
  }
  return 0;
}

std::uint32_t developers_acting(const World& world) {
  std::uint32_t n = 0;
  for (std::uint32_t d = 0; world.month.community_acts && d < world.developers->count(); ++d) {
    n += acts_in_month(*world.developers, world.keys.dynamics, world.step, d) > 0 ? 1U : 0U;
  }
  return n;
}

/// The worlds of a demo, and what is shown of them.
class Stage {
 public:
  Stage(const Simulation& simulation, const Batch& batch, const std::vector<std::uint32_t>& points,
        std::uint32_t replicate)
      : simulation_(simulation) {
    frame.title = batch.scenario.title;
    frame.words = batch.scenario.claim.words;
    for (const std::uint32_t point : points) {
      const StreamSeeds seeds = seeds_of_point(batch.design, batch.scenario.seeds, point);
      worlds_.push_back(simulation.make_world(point, make_world_keys(seeds, replicate)));
      seen_.push_back(0);
      models_.push_back(0);
      frame.lanes.push_back({.name = batch.design.points[point].setting, .newest = {}});
    }
  }

  /// Lives a month in every world; answers whether any goes on.
  bool live(std::uint32_t step) {
    bool any = false;
    for (std::size_t i = 0; i < worlds_.size(); ++i) {
      if (!frame.lanes[i].ended) {
        const bool goes_on = simulation_.advance(worlds_[i], step);
        look(i);
        frame.lanes[i].ended = !goes_on;
        any = any || goes_on;
      }
    }
    frame.month = month_text(worlds_.front().clock.year(step));
    return any;
  }

  DemoFrame frame;
  std::vector<std::string> news;  ///< of the month

 private:
  void look(std::size_t i) {
    const World& world = worlds_[i];
    Lane& lane = frame.lanes[i];
    if (!world.models.bases.empty()) {
      const ModelId m = world.models.bases.back();
      lane.newest =
          fmt::format("{} {}, {} OOM", model_name(world, m), form_words(world.models.form[m]),
                      rounded_text(world.models.capability_oom[m], 1));
    }
    lane.acting_share = world.developers->count() == 0
                            ? 0.0
                            : static_cast<double>(developers_acting(world)) /
                                  static_cast<double>(world.developers->count());
    lane.harm_musd = recorded_sum(world, "harm_musd");
    lane.freedom = world.month.freedoms[1].exercisable;
    for (; models_[i] < world.models.bases.size(); ++models_[i]) {
      tell_release(world, lane, world.models.bases[models_[i]]);
    }
    for (; seen_[i] < world.events.count(); ++seen_[i]) {
      tell_event(world, lane, seen_[i]);
    }
  }

  void tell_release(const World& world, const Lane& lane, ModelId m) {
    add(fmt::format("{}  {}: + {} {} by {}", month_text(world.year()), lane.name,
                    model_name(world, m), form_words(world.models.form[m]),
                    lab_name(world, world.models.maker[m])));
  }

  void tell_event(const World& world, Lane& lane, std::size_t row) {
    if ((world.events.flags[row] & kCatastrophic) == 0 ||
        (world.events.flags[row] & kAverted) != 0) {
      return;
    }
    lane.catastrophe = true;
    add(fmt::format("{}  {}: ✗ catastrophe, {} {}, {}", month_text(world.events.time[row]),
                    lane.name, kEventKindNames[world.events.kind[row]],
                    route_words(static_cast<Route>(world.events.route[row])),
                    money_words(static_cast<double>(world.events.severity_musd[row]))));
  }

  void add(const std::string& line) {
    constexpr std::size_t kKept = 60;
    news.push_back(line);
    frame.events.push_back(line);
    if (frame.events.size() > kKept) {
      frame.events.erase(frame.events.begin());
    }
  }

  const Simulation& simulation_;
  std::vector<World> worlds_;
  std::vector<std::size_t> seen_;    ///< events told so far
  std::vector<std::size_t> models_;  ///< base models told so far
};

/// Waits in small pieces, so that a signal is obeyed at once.
void wait_seconds(double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::duration<double>(seconds);
  while (!stop_requested() && Clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void play_on_screen(Stage& stage, std::uint32_t n_steps, double speed) {
  const char* const no_colour = std::getenv("NO_COLOR");
  const bool coloured = no_colour == nullptr || *no_colour == '\0';
  const DrawnScreen screen;
  for (std::uint32_t step = 0; step < n_steps && !stop_requested(); ++step) {
    const bool goes_on = stage.live(step);
    screen.draw(frame_text(stage.frame, screen_size(), coloured));
    if (speed > 0) {
      wait_seconds(1 / speed);
    }
    if (!goes_on) {
      break;
    }
  }
}

void play_in_pipe(Stage& stage, std::uint32_t n_steps) {
  const auto a_year = static_cast<std::uint32_t>(kMonthsPerYear);
  write_result(fmt::format("{}\n“{}”\n\n", stage.frame.title, stage.frame.words));
  for (std::uint32_t step = 0; step < n_steps && !stop_requested(); ++step) {
    const bool goes_on = stage.live(step);
    for (const std::string& line : stage.news) {
      write_result(line + "\n");
    }
    stage.news.clear();
    if ((step + 1) % a_year == 0 || !goes_on) {
      write_result(plain_text(stage.frame));
    }
    if (!goes_on) {
      break;
    }
  }
}

int refuse_name(const std::string& name) {
  const std::vector<std::string> names = claim_names();
  const std::string nearest = nearest_name(name, names);
  std::string list;
  for (const std::string& known : names) {
    list += (list.empty() ? "" : ", ") + known;
  }
  write_note(
      wrapped(fmt::format("fingers: there is no claim \"{}\"{}; there are {}", name,
                          nearest.empty() ? "" : ", did you mean \"" + nearest + "\"?", list),
              0));
  return kWrongInput;
}

int demo(const DemoOptions& options) {
  const std::vector<std::string> names = claim_names();
  if (std::ranges::find(names, options.name) == names.end()) {
    return refuse_name(options.name);
  }
  const Batch batch = read_claim(options.name);
  if (!batch.mistakes.empty()) {
    print_mistakes(batch.mistakes);
    return kFailed;
  }
  watch_signals();
  const Simulation simulation(batch.points);
  const std::vector<std::uint32_t> points = points_shown(batch.design);
  Stage stage(simulation, batch, points, options.replicate);
  if (can_draw()) {
    play_on_screen(stage, simulation.clock().n_steps, options.speed);
  } else {
    play_in_pipe(stage, simulation.clock().n_steps);
  }
  if (!stop_requested()) {
    const std::string summary = summary_text(simulation, batch, points, options.replicates);
    if (!stop_requested()) {
      write_result(summary);
    }
  }
  return stop_exit_code();
}

}  // namespace

Command make_demo(CLI::App& program) {
  CLI::App* const line =
      program.add_subcommand("demo", "Play a claim of the essay, regimes side by side");
  const auto options = std::make_shared<DemoOptions>();
  line->add_option("NAME", options->name, "a claim (configs/claims/); without it fingers");
  line->add_option("--speed", options->speed,
                   "months a second on a terminal; 0: as fast as possible")
      ->check(CLI::Range(0.0, kMostSpeed));
  line->add_option("--replicate", options->replicate, "which replicate is played, from 0");
  line->add_option("--replicates", options->replicates, "how many the summary is over")
      ->check(CLI::Range(1, 1000));
  line->footer(
      "All regimes share their draws. In a pipe it gives plain lines and does not wait; NO_COLOR\n"
      "is honoured.\n"
      "\n"
      "Example:\n"
      "  fingers demo patches-spread --speed 12\n");
  return {.line = line, .act = [options] { return demo(*options); }};
}

}  // namespace fingers
