// One JSON value as a declared parameter: each function fills `value` or answers what is wrong with
// it (an empty answer: nothing). For config_reader's own files only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/json_tree.hpp"
#include "engine/parameters.hpp"

namespace fingers {

/// What was found, for messages: `the text "many"`, `the number 3`, `true`, `null`, `a list`, `an
/// object`.
std::string shown_text(const JsonNode& node);
/// Names for a message, cut after a dozen: `count, activity_mean, …`.
std::string listed(const std::vector<std::string>& names);
/// `; did you mean "count"?`, or nothing.
std::string suggestion(std::string_view name, const std::vector<std::string>& names);

std::string read_number(const JsonNode& node, const Declaration& declaration, double& value);
std::string read_whole(const JsonNode& node, const Declaration& declaration, std::uint64_t& value);
std::string read_flag(const JsonNode& node, bool& value);
std::string read_choice(const JsonNode& node, std::span<const std::string_view> names,
                        std::size_t& index);
std::string read_text(const JsonNode& node, std::string& value);
std::string read_cell(const JsonNode& node, Cell& value);

/// Contract: the default of a parameter can itself be read, which the resolved config relies on.
void check_declaration(const Declaration& declaration);
JsonNode list_node(const std::vector<std::string>& words);
JsonNode list_node(const std::vector<double>& numbers);

/// A declaration that says no more than what something is.
Declaration meaning_only(std::string_view meaning);
/// What a TextDeclaration says, as a Declaration.
Declaration declaration_of(const TextDeclaration& declaration);
/// true when nothing but the config can give a value.
bool is_required(const Declaration& declaration);

}  // namespace fingers
