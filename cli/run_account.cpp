#include "cli/run_account.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "cli/versions.hpp"
#include "engine/config_reader.hpp"
#include "engine/dataset_reader.hpp"

namespace fingers {

namespace {

constexpr std::string_view kLogMark = "fingers-month-log";
constexpr std::string_view kLogVersion = "1";

/// What says how many worlds there are, and not what happens in one.
bool is_around_the_world(std::string_view pointer) {
  constexpr std::array<std::string_view, 5> kAround = {"/experiment", "/claim", "/title", "/seed",
                                                       "/description"};
  return std::ranges::any_of(kAround, [&](std::string_view p) { return pointer.starts_with(p); });
}

std::map<std::string, std::string> parameters_at(const ResultsFile& file, std::uint32_t point) {
  std::map<std::string, std::string> parameters;
  for (const ParameterReader::Resolved& parameter : file.batch.parameters) {
    if (!is_around_the_world(parameter.pointer)) {
      parameters[parameter.pointer] = parameter.value_text;
    }
  }
  const Design& design = file.about.design;
  for (std::size_t f = 0; f < design.factors.size(); ++f) {
    parameters[design.factors[f].pointer] = number_text(design.points[point].values[f]);
  }
  return parameters;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t tab = std::min(line.find('\t', at), line.size());
    cells.push_back(line.substr(at, tab - at));
    at = tab + 1;
  }
  return cells;
}

template <class Whole>
bool read_whole(std::string_view text, Whole& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size();
}

/// One line of a log into the account; false: it is none.
bool read_line(const std::vector<std::string_view>& cells, RunAccount& account) {
  const std::string_view kind = cells.front();
  MonthLog& log = *account.log;
  if ((kind == "about" || kind == "parameter") && cells.size() == 3) {
    auto& map = kind == "about" ? account.about : account.parameters;
    map[std::string(cells[1])] = cells[2];
    return true;
  }
  if (kind == "month" && cells.size() == 3) {
    char* end = nullptr;
    const std::string year(cells[2]);
    log.year = std::strtod(year.c_str(), &end);
    return read_whole(cells[1], log.month) && end == year.c_str() + year.size();
  }
  if (kind == "draw" && cells.size() == 9) {
    ToldDraw& draw = log.draws.emplace_back();
    draw.stream = cells[1];
    draw.process = cells[2];
    draw.agent = cells[3];
    return read_whole(cells[4], draw.identity, 16) && read_whole(cells[5], draw.step) &&
           read_whole(cells[6], draw.draw) && read_whole(cells[7], draw.words[0], 16) &&
           read_whole(cells[8], draw.words[1], 16);
  }
  if (kind == "state" && cells.size() >= 3) {
    log.state.push_back({.part = std::string(cells[1]),
                         .name = std::string(cells[2]),
                         .values = {cells.begin() + 3, cells.end()}});
    return true;
  }
  return false;
}

}  // namespace

RunAccount account_of(const ResultsFile& file, std::uint32_t point, std::uint32_t replicate) {
  const StreamSeeds seeds = seeds_of_point(file.about.design, file.batch.scenario.seeds, point);
  RunAccount account{.path = file.path,
                     .about = {},
                     .parameters = parameters_at(file, point),
                     .run = RunToLive{.scenario = file.batch.points[point],
                                      .keys = make_world_keys(seeds, replicate)},
                     .stored = {},
                     .log = {}};
  account.about = {{"regime", file.about.design.points[point].setting},
                   {"replicate", std::to_string(replicate)},
                   {"population seed", std::to_string(seeds.population)},
                   {"dynamics seed", std::to_string(seeds.dynamics)}};
  DatasetReader reader(file.path);
  account.about["software"] = reader.text_attribute("software");
  while (const auto header = reader.next()) {
    if (header->point == point && header->replicate == replicate &&
        header->status == RunStatus::done) {
      account.stored = stored_digests(reader.schema(), reader.record());
      return account;
    }
  }
  throw InputError(
      fmt::format("'{}' does not hold replicate {} of point {} as done; `fingers missing` says "
                  "what it lacks",
                  file.path, replicate, point));
}

std::string log_text(const RunAccount& account, const MonthLog& log) {
  std::string text = fmt::format("{}\t{}\n", kLogMark, kLogVersion);
  std::map<std::string, std::string> about = account.about;
  about["software"] = fmt::format("enough-fingers {}", program_version());  // which lives the run
  for (const auto& [name, value] : about) {
    text += fmt::format("about\t{}\t{}\n", name, value);
  }
  for (const auto& [pointer, value] : account.parameters) {
    text += fmt::format("parameter\t{}\t{}\n", pointer, value);
  }
  text += fmt::format("month\t{}\t{}\n", log.month, number_text(log.year));
  for (const ToldDraw& d : log.draws) {
    text += fmt::format("draw\t{}\t{}\t{}\t{:x}\t{}\t{}\t{:016x}\t{:016x}\n", d.stream, d.process,
                        d.agent, d.identity, d.step, d.draw, d.words[0], d.words[1]);
  }
  for (const ToldField& field : log.state) {
    text += fmt::format("state\t{}\t{}", field.part, field.name);
    for (const std::string& value : field.values) {
      text += "\t" + value;
    }
    text += "\n";
  }
  return text;
}

bool is_log(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(kLogMark.size(), '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  return file && start == kLogMark;
}

RunAccount read_log(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  RunAccount account{
      .path = path, .about = {}, .parameters = {}, .run = {}, .stored = {}, .log = MonthLog{}};
  std::string line;
  std::getline(file, line);
  if (line != fmt::format("{}\t{}", kLogMark, kLogVersion)) {
    throw InputError(fmt::format("'{}' is no log of version {}: its first line is \"{}\"", path,
                                 kLogVersion, line.substr(0, 40)));
  }
  bool has_month = false;
  for (std::size_t number = 2; std::getline(file, line); ++number) {
    const std::vector<std::string_view> cells = cells_of(line);
    if (!read_line(cells, account)) {
      throw InputError(
          fmt::format("{}:{}: no line of a log: \"{}\"", path, number, line.substr(0, 40)));
    }
    has_month = has_month || cells.front() == "month";
  }
  if (!has_month) {
    throw InputError(fmt::format("'{}' names no month: it ends too early", path));
  }
  return account;
}

}  // namespace fingers
