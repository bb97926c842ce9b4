// Tested by tests/agents/experiment_points_test.cpp.
#include "agents/experiment_points.hpp"

#include <algorithm>
#include <map>

#include "agents/experiment_lookup.hpp"

namespace fingers {

namespace {

using Resolved = ParameterReader::Resolved;
using ValueType = ParameterReader::ValueType;

constexpr std::string_view kColumns = "/experiment/columns";
constexpr std::string_view kPoints = "/experiment/points";

/// Says mistakes of a long table until there are enough to see what is wrong.
class Complaints {
 public:
  Complaints(const ReadConfig& config, Mistakes& mistakes) : config_(config), mistakes_(mistakes) {}

  void add(const std::string& pointer, std::string message) {
    if (n_ == kMostTableMistakes) {
      message = "there are more mistakes than these";
    }
    if (n_++ <= kMostTableMistakes) {
      complain(config_, mistakes_, pointer, std::move(message));
    }
  }
  [[nodiscard]] bool enough() const { return n_ > kMostTableMistakes; }

 private:
  const ReadConfig& config_;
  Mistakes& mistakes_;
  std::size_t n_ = 0;
};

std::string pointer_of_row(std::size_t row) {
  return std::string(kPoints) + "/" + std::to_string(row);
}

std::string pointer_of_cell(std::size_t row, std::size_t column) {
  return pointer_of_row(row) + "/" + std::to_string(column);
}

std::string shown(const Cell& cell) {
  if (const auto* const text = std::get_if<std::string>(&cell)) {
    return text->empty() ? "nothing" : "the text " + json_quoted(*text);
  }
  if (const auto* const flag = std::get_if<bool>(&cell)) {
    return *flag ? "true" : "false";
  }
  return "the number " + number_text(std::get<double>(cell));
}

double number_of(const Cell& cell) {
  const auto* const flag = std::get_if<bool>(&cell);
  if (flag != nullptr) {
    return *flag ? 1.0 : 0.0;
  }
  return std::get<double>(cell);
}

/// What is wrong with a cell before its number is held against the declaration, which is done
/// where the point's world is read.
std::string cell_problem(const Cell& cell, const Resolved* parameter) {
  if (parameter == nullptr) {  // the column of regimes
    const auto* const name = std::get_if<std::string>(&cell);
    return name != nullptr && !name->empty()
               ? ""
               : "expected the name of a regime, found " + shown(cell);
  }
  if (parameter->type == ValueType::flag) {
    const auto* const number = std::get_if<double>(&cell);
    const bool known =
        std::holds_alternative<bool>(cell) || (number != nullptr && (*number == 0 || *number == 1));
    return known ? "" : "is a switch: expected true or false (or 1 or 0), found " + shown(cell);
  }
  return std::holds_alternative<double>(cell) ? "" : "expected a number, found " + shown(cell);
}

/// The parameter of each column, null for that of the regimes; says which are none.
std::vector<const Resolved*> parameters_of(const ReadConfig& config, Complaints& complaints) {
  const std::vector<std::string>& columns = config.scenario.experiment.columns;
  std::vector<const Resolved*> parameters;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string at = std::string(kColumns) + "/" + std::to_string(i);
    parameters.push_back(find_parameter(config, columns[i]));
    if (std::ranges::find(columns, columns[i]) - columns.begin() < static_cast<std::ptrdiff_t>(i)) {
      complaints.add(at, json_quoted(columns[i]) + " names a second column");
    } else if (columns[i] != kRegimeColumn && parameters.back() == nullptr) {
      complaints.add(at, json_quoted(columns[i]) +
                             " is not the pointer of a parameter that can vary, nor \"regime\"" +
                             nearest_of(config, columns[i]) + " (`fingers explain` lists them)");
    }
  }
  return parameters;
}

void check_row(std::size_t row, const std::vector<Cell>& cells,
               const std::vector<const Resolved*>& parameters, Complaints& complaints) {
  if (cells.size() != parameters.size()) {
    complaints.add(pointer_of_row(row), "has " + std::to_string(cells.size()) +
                                            " values where there are " +
                                            std::to_string(parameters.size()) + " columns");
    return;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (std::string problem = cell_problem(cells[i], parameters[i]); !problem.empty()) {
      complaints.add(pointer_of_cell(row, i), std::move(problem));
    }
  }
}

/// Columns of factors, in order.
std::vector<std::size_t> factor_columns(const Experiment& experiment) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < experiment.columns.size(); ++i) {
    if (experiment.columns[i] != kRegimeColumn) {
      columns.push_back(i);
    }
  }
  return columns;
}

/// The least and greatest value of a column.
Range range_of(const Experiment& experiment, std::size_t column) {
  const double first = number_of(experiment.points.front()[column]);
  Range range{.low = first, .high = first};
  for (const std::vector<Cell>& row : experiment.points) {
    range.low = std::min(range.low, number_of(row[column]));
    range.high = std::max(range.high, number_of(row[column]));
  }
  return range;
}

/// Says which points are there twice: more of the same are what replicates are for.
void check_repeats(const Experiment& experiment, Complaints& complaints) {
  std::map<std::vector<Cell>, std::size_t> first;
  for (std::size_t row = 0; row < experiment.points.size() && !complaints.enough(); ++row) {
    const auto [earlier, is_new] = first.emplace(experiment.points[row], row);
    if (!is_new) {
      complaints.add(pointer_of_row(row), "is the same as point " +
                                              std::to_string(earlier->second) +
                                              " (counted from 0); \"replicates\" says how often "
                                              "each point is run");
    }
  }
}

}  // namespace

std::vector<Factor> factors_of_points(const ReadConfig& config, Mistakes& mistakes) {
  const Experiment& experiment = config.scenario.experiment;
  if (experiment.columns.empty()) {
    complain(config, mistakes, "/experiment",
             "csv needs \"points_file\", or \"columns\" and \"points\"");
    return {};
  }
  Complaints complaints(config, mistakes);
  const std::vector<const Resolved*> parameters = parameters_of(config, complaints);
  if (experiment.points.empty()) {
    complaints.add(std::string(kPoints), "must hold at least one point");
  }
  if (!mistakes.empty()) {
    return {};
  }
  for (std::size_t row = 0; row < experiment.points.size() && !complaints.enough(); ++row) {
    check_row(row, experiment.points[row], parameters, complaints);
  }
  if (!mistakes.empty()) {
    return {};
  }
  check_repeats(experiment, complaints);
  std::vector<Factor> factors;
  for (const std::size_t column : factor_columns(experiment)) {
    factors.push_back({.pointer = experiment.columns[column],
                       .unit = std::string(parameters[column]->declaration.unit),
                       .values = {},
                       .range = range_of(experiment, column)});
  }
  return factors;
}

Design design_of_points(const ReadConfig& config, const std::vector<Factor>& factors) {
  const Experiment& experiment = config.scenario.experiment;
  const auto regime_column = experiment.regime_column();
  const std::vector<std::size_t> columns = factor_columns(experiment);
  std::vector<std::vector<double>> rows;
  std::vector<std::string> regimes;
  for (const std::vector<Cell>& cells : experiment.points) {
    std::vector<double>& row = rows.emplace_back();
    for (const std::size_t column : columns) {
      row.push_back(number_of(cells[column]));
    }
    if (regime_column) {
      regimes.push_back(std::get<std::string>(cells[*regime_column]));
    }
  }
  const auto replicates = static_cast<std::uint32_t>(experiment.replicates);
  return regime_column ? listed_with_settings(regimes, factors, rows, replicates)
                       : listed(experiment.regimes, factors, rows, replicates);
}

std::string pointer_of_value(const Experiment& experiment, std::size_t point, std::size_t factor) {
  return pointer_of_cell(point, factor_columns(experiment)[factor]);
}

}  // namespace fingers
