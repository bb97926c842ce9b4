// The model as a WebAssembly module: a config becomes a batch, and each of its runs a record whose
// bytes equal the native program's. The host calls it through plain numbers; texts and bytes pass
// through the module's memory. One module holds one batch.
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agents/simulation.hpp"
#include "agents/story.hpp"
#include "answers.hpp"
#include "engine/content_bytes.hpp"
#include "policies/builtin.hpp"

#define FINGERS_EXPORT(name) extern "C" __attribute__((export_name(name)))

namespace fingers {

namespace {

struct Module {
  std::string input;   ///< what the host wrote
  std::string answer;  ///< what it may read after a call
  Batch batch;
  std::optional<Simulation> simulation;
  Mistakes mistakes;  ///< of the config that was read last
  RunRecord record;   ///< of the world that was lived last
};

Module& module() {
  static Module the_module;
  return the_module;
}

/// Configs that a config builds on are the built-in ones.
Loaded load(const std::string& text) {
  return load_document("config", [&text](const std::string& path, const std::string&) {
    const std::string content = path == "config" ? text : std::string(builtin_config(path));
    return TextAnswer{.text = content, .path = path, .problem = {}};
  });
}

/// The mistakes as lines of text; empty when there are none.
std::string lines_of(const Mistakes& mistakes) {
  std::string lines;
  for (const Mistake& mistake : mistakes) {
    lines += to_text(mistake) + "\n";
  }
  return lines;
}

/// The bytes of numbers, little-endian as the machine has them.
template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  if (!numbers.empty()) {
    std::memcpy(bytes.data(), numbers.data(), bytes.size());
  }
  return bytes;
}

/// Takes what was found wrong, and says whether that was nothing.
bool note(Module& m, Mistakes mistakes) {
  m.mistakes = std::move(mistakes);
  m.answer = lines_of(m.mistakes);
  return m.mistakes.empty();
}

}  // namespace

}  // namespace fingers

/// Room for so many bytes of input; answers where.
FINGERS_EXPORT("fingers_input") char* fingers_input(std::uint32_t n_bytes) {
  fingers::module().input.assign(n_bytes, '\0');
  return fingers::module().input.data();
}

FINGERS_EXPORT("fingers_answer") const char* fingers_answer() {
  return fingers::module().answer.data();
}

FINGERS_EXPORT("fingers_answer_bytes") std::uint32_t fingers_answer_bytes() {
  return static_cast<std::uint32_t>(fingers::module().answer.size());
}

/// Reads the config that stands in the input. Answers 1 when it can be run; else 0, and the answer
/// holds the mistakes.
FINGERS_EXPORT("fingers_read") std::uint32_t fingers_read() {
  fingers::Module& m = fingers::module();
  fingers::Loaded loaded = fingers::load(m.input);
  m.simulation.reset();
  if (!fingers::note(m, std::move(loaded.mistakes))) {
    return 0;
  }
  m.batch = fingers::read_batch(std::move(loaded.document));
  if (!fingers::note(m, m.batch.mistakes)) {
    return 0;
  }
  m.simulation.emplace(m.batch.points);
  return 1;
}

FINGERS_EXPORT("fingers_points") std::uint32_t fingers_points() {
  return static_cast<std::uint32_t>(fingers::module().batch.points.size());
}

FINGERS_EXPORT("fingers_replicates") std::uint32_t fingers_replicates() {
  return fingers::module().batch.design.replicates;
}

/// The answer becomes the head of the content digest (engine/content_bytes.hpp).
FINGERS_EXPORT("fingers_head") void fingers_head() {
  fingers::Module& m = fingers::module();
  m.answer = fingers::content_head({.results_version = fingers::kResultsVersion,
                                    .model_text = m.batch.model_text,
                                    .seeds = m.batch.scenario.seeds,
                                    .n_runs = m.batch.design.n_runs()},
                                   m.batch.design);
}

/// Lives one world; the answer becomes its piece of the content digest. Expects a batch that was
/// read.
FINGERS_EXPORT("fingers_run")
void fingers_run(std::uint32_t point, std::uint32_t replicate) {
  fingers::Module& m = fingers::module();
  m.record = fingers::run_point(*m.simulation, m.batch, point, replicate);
  m.answer =
      fingers::content_of_run(point, replicate, m.record.status, fingers::content_hash(m.record));
}

/// The answer becomes what the module is (answers.hpp).
FINGERS_EXPORT("fingers_about") void fingers_about() {
  fingers::module().answer = fingers::about_json(FINGERS_VERSION);
}

/// The answer becomes the mistakes of the config that was read last, as JSON.
FINGERS_EXPORT("fingers_mistakes") void fingers_mistakes() {
  fingers::Module& m = fingers::module();
  m.answer = fingers::mistakes_json(m.mistakes);
}

/// The answer becomes the design of the batch, its parameters, or the data dictionary of its runs,
/// as JSON. Each expects a batch that was read.
FINGERS_EXPORT("fingers_design") void fingers_design() {
  fingers::Module& m = fingers::module();
  m.answer = fingers::design_json(m.batch);
}

FINGERS_EXPORT("fingers_parameters") void fingers_parameters() {
  fingers::Module& m = fingers::module();
  m.answer = fingers::parameters_json(m.batch);
}

FINGERS_EXPORT("fingers_schema") void fingers_schema() {
  fingers::Module& m = fingers::module();
  m.answer = fingers::schema_text(m.simulation->schema());
}

/// The answer becomes what the world that was lived last recorded: its outcomes (f8), its series
/// (f4, one quantity after the other), or a column of its events in the type that the data
/// dictionary says.
FINGERS_EXPORT("fingers_outcomes") void fingers_outcomes() {
  fingers::Module& m = fingers::module();
  m.answer = fingers::bytes_of(m.record.outcomes);
}

FINGERS_EXPORT("fingers_series") void fingers_series() {
  fingers::Module& m = fingers::module();
  m.answer = fingers::bytes_of(m.record.series);
}

FINGERS_EXPORT("fingers_event_column") void fingers_event_column(std::uint32_t column) {
  fingers::Module& m = fingers::module();
  m.answer = std::visit([](const auto& values) { return fingers::bytes_of(values); },
                        m.record.tables.front().at(column));
}

/// The answer becomes the story of the worst event of a world (agents/story.hpp), held against the
/// same world of another point where `other` is another; empty where nothing happened. Expects a
/// batch that was read.
FINGERS_EXPORT("fingers_story")
void fingers_story(std::uint32_t point, std::uint32_t replicate, std::uint32_t other) {
  fingers::Module& m = fingers::module();
  const fingers::LivedRun run = fingers::live_run(*m.simulation, m.batch, point, replicate);
  const auto event = fingers::worst_event(run.record);
  m.answer.clear();
  if (!event) {
    return;
  }
  const fingers::Story story = fingers::tell(*m.simulation, m.batch, run, *event);
  if (other == point) {
    m.answer = fingers::story_json(story, nullptr);
    return;
  }
  const fingers::OtherStory against =
      fingers::tell_against(*m.simulation, m.batch, run, *event,
                            fingers::live_run(*m.simulation, m.batch, other, replicate));
  m.answer = fingers::story_json(story, &against);
}
