// The values a ParameterReader reads; the objects and lists around them are in config_reader.cpp.
// Tested by tests/engine/config_values_test.cpp.
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/config_frames.hpp"
#include "engine/config_reader.hpp"
#include "engine/contract.hpp"
#include "engine/json_tree.hpp"
#include "engine/json_value.hpp"

namespace fingers {

namespace {

/// true when a parameter that is left out, or wrong, gets its default.
bool has_default(const Declaration& declaration) {
  return !declaration.optional && !std::isnan(declaration.standard);
}

/// The kind of value that a parameter takes, from the one it has.
ParameterReader::ValueType type_of(const JsonNode& value, const Declaration& declaration) {
  using Type = ParameterReader::ValueType;
  if (std::holds_alternative<double>(value.value) || declaration.may_be_infinite) {
    return Type::number;
  }
  if (std::holds_alternative<std::uint64_t>(value.value)) {
    return Type::whole;
  }
  return std::holds_alternative<bool>(value.value) ? Type::flag : Type::other;
}

/// What is wrong with a list of `things` as a whole.
std::string list_problem(const JsonNode* node, const std::string& things) {
  const bool is_wrong = node != nullptr && node->items() == nullptr;
  return is_wrong ? "expected a list of " + things + ", found " + shown_text(*node) : "";
}

}  // namespace

/// Reads each item of a list; what is wrong is noted at the item.
void ParameterReader::State::read_items(std::string_view key, const JsonItems& items,
                                        const std::function<std::string(const JsonNode&)>& read) {
  const std::string list = top().pointer + pointer_step(key);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (std::string problem = read(items[i]); !problem.empty()) {
      note_at(list + pointer_step(std::to_string(i)), items[i].place, std::move(problem));
    }
  }
}

/// Notes what is wrong with a parameter, and enters its value in the resolved config.
void ParameterReader::State::keep(std::string_view key, const JsonNode* node,
                                  const std::string& problem, JsonNode value,
                                  const Declaration& declaration) {
  if (node == nullptr && is_required(declaration) && !top().broken) {
    note(key, top().place, "must be given");
  }
  if (node == nullptr && !has_default(declaration)) {
    return;
  }
  if (node != nullptr && !problem.empty()) {
    note(key, node->place, problem);
  }
  parameters.push_back({.pointer = top().pointer + pointer_step(key),
                        .type = type_of(value, declaration),
                        .value_text = compact_text(value),
                        .from_config = node != nullptr,
                        .where = node != nullptr ? tree.location(node->place) : Location{},
                        .declaration = declaration});
  top().resolved.members()->insert_or_assign(std::string(key), std::move(value));
}

void ParameterReader::number(std::string_view key, double& value, const Declaration& declaration) {
  check_declaration(declaration);
  const JsonNode* const node = state_->take(key);
  if (has_default(declaration)) {
    value = declaration.standard;
  }
  const std::string problem = node == nullptr ? "" : read_number(*node, declaration, value);
  state_->keep(key, node, problem, number_node(value), declaration);
}

void ParameterReader::whole(std::string_view key, std::uint64_t& value,
                            const Declaration& declaration) {
  check_declaration(declaration);
  EXPECT_CONTRACT(!declaration.may_be_infinite);  // a whole number has no infinity
  const JsonNode* const node = state_->take(key);
  if (has_default(declaration)) {
    value = static_cast<std::uint64_t>(declaration.standard);
  }
  const std::string problem = node == nullptr ? "" : read_whole(*node, declaration, value);
  state_->keep(key, node, problem, json_node(value), declaration);
}

void ParameterReader::flag(std::string_view key, bool& value, const Declaration& declaration) {
  check_declaration(declaration);
  const JsonNode* const node = state_->take(key);
  if (has_default(declaration)) {
    value = declaration.standard != 0;
  }
  const std::string problem = node == nullptr ? "" : read_flag(*node, value);
  state_->keep(key, node, problem, json_node(value), declaration);
}

void ParameterReader::choice(std::string_view key, std::size_t& index,
                             std::span<const std::string_view> names,
                             const TextDeclaration& declaration) {
  const JsonNode* const node = state_->take(key);
  const Declaration numbers = declaration_of(declaration);
  if (has_default(numbers)) {
    const auto standard = std::ranges::find(names, declaration.standard);
    EXPECT_CONTRACT(standard != names.end());
    index = static_cast<std::size_t>(standard - names.begin());
  }
  const std::string problem = node == nullptr ? "" : read_choice(*node, names, index);
  const bool is_chosen = index < names.size();
  state_->keep(key, node, problem,
               is_chosen ? json_node(std::string(names[index])) : json_node(nullptr), numbers);
}

void ParameterReader::text(std::string_view key, std::string& value,
                           const TextDeclaration& declaration) {
  const JsonNode* const node = state_->take(key);
  const Declaration numbers = declaration_of(declaration);
  if (has_default(numbers)) {
    value = declaration.standard;
  }
  const std::string problem = node == nullptr ? "" : read_text(*node, value);
  state_->keep(key, node, problem, json_node(value), numbers);
}

void ParameterReader::words(std::string_view key, std::vector<std::string>& value,
                            const std::vector<std::string>& standard, std::string_view meaning) {
  const JsonNode* const node = state_->take(key);
  value = standard;
  if (node != nullptr && node->items() != nullptr) {
    value.clear();
    state_->read_items(key, *node->items(), [&value](const JsonNode& item) {
      return read_text(item, value.emplace_back());
    });
  }
  state_->keep(key, node, list_problem(node, "texts"), list_node(value), meaning_only(meaning));
}

void ParameterReader::numbers(std::string_view key, std::vector<double>& value,
                              std::string_view meaning) {
  const JsonNode* const node = state_->take(key);
  value.clear();
  if (node != nullptr && node->items() != nullptr) {
    state_->read_items(key, *node->items(), [&value](const JsonNode& item) {
      return read_number(item, {}, value.emplace_back());
    });
  }
  state_->keep(key, node, list_problem(node, "numbers"), list_node(value), meaning_only(meaning));
}

void ParameterReader::rows(std::string_view key, std::vector<std::vector<Cell>>& value,
                           std::string_view /*meaning*/) {
  const JsonNode* const node = state_->take(key);
  value.clear();
  if (const std::string problem = list_problem(node, "rows"); !problem.empty()) {
    state_->note(key, node->place, problem);
    return;
  }
  if (node == nullptr) {
    return;
  }
  const std::string list = state_->top().pointer + pointer_step(key);
  for (const JsonNode& row : *node->items()) {
    const std::string pointer = list + pointer_step(std::to_string(value.size()));
    std::vector<Cell>& cells = value.emplace_back();
    if (const std::string problem = list_problem(&row, "cells"); !problem.empty()) {
      state_->note_at(pointer, row.place, problem);
      continue;
    }
    for (const JsonNode& cell : *row.items()) {
      if (std::string problem = read_cell(cell, cells.emplace_back()); !problem.empty()) {
        state_->note_at(pointer + pointer_step(std::to_string(cells.size() - 1)), cell.place,
                        std::move(problem));
      }
    }
  }
  state_->top().resolved.members()->insert_or_assign(std::string(key), *node);
}

}  // namespace fingers
