// `fingers export`: the tables of a results file as text.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include "agents/record.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/own_file.hpp"
#include "cli/parameter_table.hpp"
#include "cli/terminal.hpp"
#include "engine/config_reader.hpp"
#include "engine/json_text.hpp"
#include "engine/mistake.hpp"
#include "engine/parallel.hpp"
#include "engine/progress.hpp"
#include "engine/signals.hpp"
#include "engine/store.hpp"

namespace fingers {

namespace {

using Layout = JsonObject::Layout;

constexpr std::string_view kRegime = "regime";
constexpr std::string_view kKind = "kind";
constexpr std::string_view kParameters = "parameters";
constexpr std::string_view kDictionary = "dictionary";

struct ExportOptions {
  std::string path;
  std::string format;
  std::string folder;
  std::vector<std::string> tables;
  RowChoice choice;  ///< with what the command line says
  bool overwrite = false;
  int threads = 0;
};

/// What the file has under the names that the command line may use.
struct Content {
  DatasetInfo info;
  DatasetTexts texts;
  DatasetTables tables;
};

Content open_content(const std::string& path) {
  refuse_others_files(path);
  DatasetInfo info = read_info(path);
  DatasetTexts texts = read_texts(path);
  return {.info = std::move(info),
          .texts = std::move(texts),
          .tables = DatasetTables(path, std::string(kRegime))};
}

std::vector<std::string> table_names(const Content& content) {
  std::vector<std::string> names;
  for (const DatasetTable& table : content.tables.tables()) {
    names.push_back(table.name);
  }
  names.emplace_back(kParameters);
  names.emplace_back(kDictionary);
  return names;
}

/// The kinds of rows that a table has; none where it has no kinds.
std::vector<std::string> kinds_of(const DatasetTable& table) {
  const auto found = std::ranges::find(table.columns, kKind, &TableColumn::name);
  return found == table.columns.end() ? std::vector<std::string>{} : found->names;
}

/// Says of each name that is not there which are.
void check_names(const std::vector<std::string>& asked, const std::vector<std::string>& there,
                 const std::string& what, std::vector<std::string>& mistakes) {
  for (const std::string& name : asked) {
    if (std::ranges::count(there, name) == 0) {
      const std::string nearest = nearest_name(name, there);
      mistakes.push_back(fmt::format("the file has no {} \"{}\"{} (there are: {})", what, name,
                                     nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?",
                                     fmt::join(there, ", ")));
    }
  }
}

/// Kinds are chosen among those of a table that is written.
void check_kinds(const ExportOptions& options, const Content& content,
                 std::vector<std::string>& mistakes) {
  std::vector<std::string> kinds;
  for (const DatasetTable& table : content.tables.tables()) {
    const bool asked = options.tables.empty() || std::ranges::count(options.tables, table.name) > 0;
    if (asked && kinds.empty()) {
      kinds = kinds_of(table);
    }
  }
  if (kinds.empty() && !options.choice.names.empty()) {
    mistakes.emplace_back("--kind chooses rows of events, which --tables leaves out");
  } else {
    check_names(options.choice.names, kinds, "kind", mistakes);
  }
}

/// Tables that are in a file only where its config asks for them, and what it asks for.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kOptionalTables = {
    {{"models", "models"}, {"model_forms", "models"}, {"digests", "digests"}}};

/// All that is wrong with what was asked for.
std::vector<std::string> check_choice(const ExportOptions& options, const Content& content) {
  std::vector<std::string> mistakes;
  check_names(options.tables, table_names(content), "table", mistakes);
  for (const auto& [name, asked] : kOptionalTables) {
    if (std::ranges::count(options.tables, name) > 0 && !mistakes.empty()) {
      mistakes.push_back(
          fmt::format("{0} are in a file where its config asks for them: `fingers run … "
                      "--set /output/{0}=true`",
                      asked));
      break;
    }
  }
  check_names(options.choice.settings, content.tables.settings(), "regime", mistakes);
  check_kinds(options, content, mistakes);
  const std::uint64_t n =
      content.info.n_points == 0 ? 0 : content.info.n_runs / content.info.n_points;
  for (const std::uint32_t replicate : options.choice.replicates) {
    if (replicate >= n) {
      mistakes.push_back(
          fmt::format("the file has no replicate {}: it has {} of each point, "
                      "counted from 0",
                      replicate, with_commas(n)));
    }
  }
  return mistakes;
}

std::string names_json(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) {
    quoted.push_back(json_quoted(name));
  }
  return json_list(quoted);
}

std::string selection_json(const ExportOptions& options) {
  JsonObject selection(Layout::line);
  if (!options.tables.empty()) {
    selection.json("tables", names_json(options.tables));
  }
  if (!options.choice.settings.empty()) {
    selection.json("regimes", names_json(options.choice.settings));
  }
  if (!options.choice.replicates.empty()) {
    std::vector<std::string> numbers;
    for (const std::uint32_t replicate : options.choice.replicates) {
      numbers.push_back(std::to_string(replicate));
    }
    selection.json("replicates", json_list(numbers));
  }
  if (!options.choice.names.empty()) {
    selection.json("kinds", names_json(options.choice.names));
  }
  return selection.str();
}

std::string about_json(const ExportOptions& options, const DatasetInfo& info) {
  return JsonObject(Layout::lines)
             .text("title", info.title)
             .text("license", info.licence)
             .text("software", info.software)
             .text("uuid", info.uuid)
             .text("schema", info.schema_name)
             .whole("schema_version", info.schema_version)
             .whole("results_version", info.results_version)
             .text("config_sha256", info.config_sha256)
             .json("complete", info.complete ? "true" : "false")
             .json("selection", selection_json(options))
             .str() +
         "\n";
}

/// What is written, in order.
struct Plan {
  TableFormat format = TableFormat::csv;
  std::vector<std::string> tables;  ///< without the dictionary
  std::vector<std::string> files;   ///< all, for a look at what is there already
};

Plan export_plan(const ExportOptions& options, const Content& content) {
  Plan plan;
  plan.format = options.format == "csv" ? TableFormat::csv : TableFormat::json;
  for (const std::string& name : table_names(content)) {
    const bool asked = options.tables.empty() || std::ranges::count(options.tables, name) > 0;
    if (asked && name != kDictionary) {
      plan.tables.push_back(name);
      plan.files.push_back(file_name(name, plan.format));
    }
  }
  plan.files.push_back(file_name(std::string(kDictionary), plan.format));
  for (const std::string file : {"config.json", "provenance.json", "about.json"}) {
    plan.files.push_back(file);
  }
  return plan;
}

void write_text(FileSet& files, const std::string& name, const std::string& text) {
  files.begin(name);
  files.append(text);
}

/// Writes all files; answers a line for each table, or nothing when a signal came.
std::optional<std::string> write_files(const ExportOptions& options, const Content& content,
                                       const Plan& plan, FileSet& files) {
  constexpr std::size_t kNumberColumns = 16;
  std::string lines;
  const auto say = [&](const std::string& table, std::uint64_t rows) {
    lines += fmt::format(
        "{:>{}} rows  {}\n", with_commas(rows), kNumberColumns,
        (std::filesystem::path(options.folder) / file_name(table, plan.format)).string());
  };
  const int threads = options.threads > 0 ? options.threads : available_threads();
  TableFiles tables(files, plan.format, threads, stop_requested());
  for (const std::string& name : plan.tables) {
    if (name == kParameters) {
      const TextTable table = parameter_table(content.texts.provenance, options.path, plan.format);
      tables.write(table);
      say(name, table.block.rows);
      continue;
    }
    const auto& all = content.tables.tables();
    const auto table = std::ranges::find(all, name, &DatasetTable::name);
    const auto rows = tables.write(content.tables, *table, options.choice);
    if (!rows) {
      return std::nullopt;
    }
    say(name, *rows);
  }
  const TextTable dictionary = dictionary_table(content.tables.tables());
  tables.write(dictionary);
  say(dictionary.name, dictionary.block.rows);
  write_text(files, "config.json", content.texts.config);
  write_text(files, "provenance.json", content.texts.provenance);
  write_text(files, "about.json", about_json(options, content.info));
  return lines;
}

int export_tables(const ExportOptions& options) {
  const Content content = open_content(options.path);
  const std::vector<std::string> mistakes = check_choice(options, content);
  if (!mistakes.empty()) {
    write_note(fmt::format("fingers: {}\n", fmt::join(mistakes, "\nfingers: ")));
    return kWrongInput;
  }
  const Plan plan = export_plan(options, content);
  watch_signals();
  FileSet files(options.folder, plan.files, options.overwrite);
  const auto lines = write_files(options, content, plan, files);
  if (!lines) {
    return stop_exit_code();
  }
  files.publish();
  write_result(*lines);
  if (const DatasetInfo& info = content.info; info.n_missing + info.n_failed > 0) {
    write_note(fmt::format(
        "'{}' is incomplete: of {} runs {} are missing and {} failed; they stand in no table but "
        "runs and failures\n",
        options.path, with_commas(info.n_runs), with_commas(info.n_missing),
        with_commas(info.n_failed)));
  }
  return kDone;
}

}  // namespace

Command make_export(CLI::App& program) {
  CLI::App* const line = program.add_subcommand(
      "export", "Write the tables of a results file as CSV or JSON, one file a table");
  const auto options = std::make_shared<ExportOptions>();
  options->choice.category = kKind;
  line->add_option("FILE", options->path, "results file")->required();
  line->add_option("--to", options->format, "form of the files; json: one object a line")
      ->required()
      ->check(CLI::IsMember({"csv", "json"}))
      ->type_name("csv|json")
      ->option_text("csv|json REQUIRED");
  line->add_option("-o,--output", options->folder,
                   "folder for the files; made where it is not there")
      ->required()
      ->type_name("DIR");
  line->add_option("--tables", options->tables,
                   "only these, of: design, runs, failures, outcomes, series,\n"
                   "events, models, model_forms, parameters, dictionary")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("A,B");
  line->add_option("--regime", options->choice.settings, "only this regime; may be given again")
      ->allow_extra_args(false)
      ->type_name("NAME");
  line->add_option("--replicate", options->choice.replicates,
                   "only this replicate; may be given again")
      ->allow_extra_args(false)
      ->type_name("R");
  line->add_option("--kind", options->choice.names, "only events of this kind; may be given again")
      ->allow_extra_args(false)
      ->type_name("KIND");
  line->add_flag("--overwrite", options->overwrite, "replace files that are there");
  line->add_option("--threads", options->threads, "processors to use (default: all)")
      ->check(CLI::Range(1, 4096))
      ->type_name("N");
  line->footer(
      "Beside the tables: a dictionary of all columns with units and meanings, config.json,\n"
      "provenance.json, about.json. Columns and values: docs/exports.md.\n"
      "\n"
      "Example:\n"
      "  fingers export results/release-regimes.h5 --to csv -o results/csv\n"
      "  fingers export results/release-regimes.h5 --to json -o results/json \\\n"
      "    --tables outcomes,events --regime closed --regime hosted\n");
  return {.line = line, .act = [options] { return export_tables(*options); }};
}

}  // namespace fingers
