// The Python extension `enough_fingers_engine`: a config becomes the columns of its results, in
// memory and without a file. Arrays are handed over as they are, and live as long as one of them is
// held. Everything that makes a table of it is Python (analysis/enough_fingers/in_process.py).
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/batch_input.hpp"
#include "agents/provenance.hpp"
#include "engine/config_files.hpp"
#include "engine/memory_dataset.hpp"
#include "policies/builtin.hpp"

namespace nb = nanobind;

namespace fingers {

namespace {

constexpr std::string_view kVersion = FINGERS_VERSION;

/// How often a running batch looks whether the user has pressed Ctrl-C.
constexpr std::chrono::milliseconds kPoll{50};

/// A batch that has been read, with what is wrong with it.
class Checked {
 public:
  Checked(std::optional<std::string> text, const std::string& path, const Settings& settings);

  [[nodiscard]] nb::list mistakes() const;
  [[nodiscard]] nb::dict run(int threads) const;
  [[nodiscard]] bool asks_for_precision() const { return batch_.scenario.experiment.until.asked; }

 private:
  Batch batch_;
};

/// A text that is given stands for the file of that path: bases and points are sought beside it.
Checked::Checked(std::optional<std::string> text, const std::string& path,
                 const Settings& settings) {
  const TextSource files = config_files(builtin_texts());
  const TextSource configs = [&](const std::string& name, const std::string& from) {
    if (from.empty() && text) {
      return TextAnswer{.text = text, .path = path, .problem = {}};
    }
    return files(name, from);
  };
  batch_ = read_batch_of(path, settings, configs, points_files());
}

nb::list Checked::mistakes() const {
  nb::list found;
  for (const Mistake& mistake : batch_.mistakes) {
    nb::dict one;
    one["file"] = mistake.where.file;
    one["line"] = mistake.where.line;
    one["column"] = mistake.where.column;
    one["pointer"] = mistake.pointer;
    one["message"] = mistake.message;
    one["text"] = to_text(mistake);
    found.append(one);
  }
  return found;
}

/// The values of a column as an array that keeps `owner` alive; [run, time] where there are
/// `n_times`.
nb::object array_of(const MemoryColumn& column, std::size_t n_times, const nb::object& owner) {
  return std::visit(
      [&](const auto& values) {
        using Value = std::remove_cvref_t<decltype(values)>::value_type;
        std::vector<std::size_t> shape = {values.size()};
        if (n_times > 0) {
          shape = {values.size() / n_times, n_times};
        }
        return nb::cast(
            nb::ndarray<nb::numpy, const Value>(values.data(), shape.size(), shape.data(), owner));
      },
      column.values);
}

nb::dict column_dict(const MemoryColumn& column, std::size_t n_times, const nb::object& owner) {
  nb::dict found;
  found["name"] = column.declaration.name;
  found["units"] = column.declaration.unit;
  found["long_name"] = column.declaration.meaning;
  found["pointer"] = column.pointer;
  found["names"] = column.names;
  found["flags"] = column.declaration.flags;
  found["values"] = array_of(column, n_times, owner);
  return found;
}

/// The groups of a dataset: {group: [column, …]}.
nb::dict groups_dict(const std::shared_ptr<const MemoryDataset>& dataset, std::size_t n_times) {
  // The arrays share one owner, so that a dataset lives as long as any of them.
  const auto kept = new std::shared_ptr<const MemoryDataset>(dataset);
  const nb::capsule owner(kept, [](void* pointer) noexcept {
    delete static_cast<std::shared_ptr<const MemoryDataset>*>(pointer);
  });
  nb::dict groups;
  for (const MemoryGroup& group : dataset->groups) {
    nb::list columns;
    for (const MemoryColumn& column : group.columns) {
      const bool over_time = group.name == "series" && column.declaration.name != "time";
      columns.append(column_dict(column, over_time ? n_times : 0, owner));
    }
    groups[group.name.c_str()] = columns;
  }
  return groups;
}

nb::dict attributes_dict(const MemoryDataset& dataset, const DatasetDescription& about) {
  nb::dict root;
  root["schema"] = about.schema.name;
  root["schema_version"] = about.schema.version;
  root["results_version"] = about.results_version;
  root["uuid"] = dataset.uuid;
  root["title"] = about.title;
  root["license"] = about.licence;
  root["software"] = about.software;
  root["config_sha256"] = dataset.config_sha256;
  root["seed_design"] = about.seeds.design;
  root["seed_population"] = about.seeds.population;
  root["seed_dynamics"] = about.seeds.dynamics;
  root["rng"] = std::string(kGenerator);
  root["n_runs"] = dataset.n_runs;
  root["complete"] = dataset.failures.empty() ? 1 : 0;
  return root;
}

/// What /design says besides its numbers.
nb::dict design_dict(const Design& design) {
  nb::list names;
  nb::list settings;
  nb::list blocks;
  for (const DesignPoint& point : design.points) {
    names.append(point.name);
    settings.append(point.setting);
    blocks.append(point.block.name);
  }
  nb::dict found;
  found["name"] = names;
  found["setting"] = settings;
  if (has_blocks(design.kind)) {
    found["block"] = blocks;
  }
  found["kind"] = std::string(kDesignKindNames[static_cast<std::size_t>(design.kind)]);
  found["random_numbers"] =
      std::string(kRandomNumbersNames[static_cast<std::size_t>(design.random_numbers)]);
  found["crossed"] = design.crossed ? 1 : 0;
  return found;
}

/// Runs off the interpreter's thread, and looks for Ctrl-C meanwhile. Expects the interpreter's
/// lock.
MemoryDataset run_watched(const Batch& batch, const Simulation& simulation,
                          const DatasetDescription& about, int threads) {
  std::atomic<bool> stop{false};
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    return run_point(simulation, batch, point, replicate);
  };
  std::future<MemoryDataset> running =
      std::async(std::launch::async, [&] { return run_in_memory(run, about, threads, stop); });
  bool interrupted = false;
  while (true) {
    {
      const nb::gil_scoped_release others_may_run;
      if (running.wait_for(kPoll) == std::future_status::ready) {
        break;
      }
    }
    if (!interrupted && PyErr_CheckSignals() != 0) {
      interrupted = true;
      stop.store(true);  // the exception is raised when the runs that have begun have ended
    }
  }
  MemoryDataset dataset = running.get();
  if (interrupted) {
    throw nb::python_error();
  }
  return dataset;
}

nb::dict Checked::run(int threads) const {
  const Simulation simulation(batch_.points);
  const DatasetDescription about = describe(
      batch_, simulation, provenance_text(batch_, "enough_fingers.run", kVersion), kVersion);
  const auto dataset =
      std::make_shared<const MemoryDataset>(run_watched(batch_, simulation, about, threads));
  nb::list failures;
  for (const MemoryFailure& failure : dataset->failures) {
    failures.append(nb::make_tuple(failure.run, failure.reason));
  }
  nb::dict texts;
  texts["config"] = about.config_text;
  texts["model_config"] = about.model_text;
  texts["provenance"] = about.provenance_text;
  texts["schema_json"] = schema_text(about.schema);
  nb::dict found;
  found["attributes"] = attributes_dict(*dataset, about);
  found["texts"] = texts;
  found["design"] = design_dict(about.design);
  found["groups"] = groups_dict(dataset, about.clock.n_steps);
  found["failures"] = failures;
  return found;
}

}  // namespace

}  // namespace fingers

NB_MODULE(enough_fingers_engine, module) {
  using fingers::Checked;
  module.doc() = "The simulation in this process; use enough_fingers.run.";
  module.attr("version") = std::string(fingers::kVersion);
  nb::class_<Checked>(module, "Checked", "A config, read and checked.")
      .def(
          "__init__",
          [](Checked* self, std::optional<std::string> text, const std::string& path,
             std::optional<std::string> seed, std::optional<std::string> replicates,
             std::vector<std::string> set) {
            new (self) Checked(std::move(text), path,
                               {.seed = std::move(seed),
                                .replicates = std::move(replicates),
                                .set = std::move(set)});
          },
          nb::arg("text").none(), nb::arg("path"), nb::arg("seed").none(),
          nb::arg("replicates").none(), nb::arg("set"))
      .def_prop_ro("mistakes", &Checked::mistakes,
                   "All that is wrong; nothing may be run with any.")
      .def_prop_ro("asks_for_precision", &Checked::asks_for_precision)
      .def("run", &Checked::run, nb::arg("threads"),
           "Runs it on so many threads (0: all) without the interpreter's lock.");
}
