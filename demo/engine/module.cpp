// The model as a WebAssembly module: a config becomes a batch, and each of its runs a record whose
// bytes equal the native program's. The host calls it through plain numbers; texts and bytes pass
// through the module's memory. One module holds one batch.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "agents/simulation.hpp"
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
  m.answer = fingers::lines_of(loaded.mistakes);
  if (!m.answer.empty()) {
    return 0;
  }
  m.batch = fingers::read_batch(std::move(loaded.document));
  m.answer = fingers::lines_of(m.batch.mistakes);
  if (!m.answer.empty()) {
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
  const fingers::RunRecord record = fingers::run_point(*m.simulation, m.batch, point, replicate);
  m.answer =
      fingers::content_of_run(point, replicate, record.status, fingers::content_hash(record));
}
