// The catalogue of parameters: visits declarations without a config. Tested by
// tests/engine/parameters_test.cpp.
#include "engine/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/contract.hpp"
#include "engine/json_tree.hpp"
#include "engine/json_value.hpp"

namespace fingers {

namespace {

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same(const Range& a, const Range& b) { return same(a.low, b.low) && same(a.high, b.high); }

bool same(const DeclaredParameter& a, const DeclaredParameter& b) {
  const Declaration& p = a.declaration;
  const Declaration& q = b.declaration;
  return a.pointer == b.pointer && a.type == b.type && a.names == b.names &&
         a.standard_text == b.standard_text && a.optional == b.optional && p.unit == q.unit &&
         same(p.standard, q.standard) && same(p.allowed, q.allowed) && same(p.belief, q.belief) &&
         p.source == q.source && p.meaning == q.meaning && p.may_be_infinite == q.may_be_infinite;
}

/// A parameter with a default; `standard_text` of what must be given, or may be left out, is empty.
DeclaredParameter declared(std::string type, const Declaration& declaration,
                           std::string standard_text) {
  const bool has_default = !declaration.optional && !std::isnan(declaration.standard);
  return {.pointer = {},
          .type = std::move(type),
          .declaration = declaration,
          .names = {},
          .standard_text = has_default ? std::move(standard_text) : std::string(),
          .optional = declaration.optional};
}

}  // namespace

std::string ParameterCatalogue::pointer_at(std::string_view key) const {
  return (path_.empty() ? std::string() : path_.back()) + pointer_step(key);
}

void ParameterCatalogue::add(std::string_view key, DeclaredParameter parameter) {
  parameter.pointer = pointer_at(key);
  const bool is_known = std::ranges::any_of(
      list_, [&](const DeclaredParameter& earlier) { return same(earlier, parameter); });
  if (!is_known) {
    list_.push_back(std::move(parameter));
  }
}

void ParameterCatalogue::number(std::string_view key, double& value,
                                const Declaration& declaration) {
  check_declaration(declaration);
  DeclaredParameter parameter =
      declared("number", declaration, compact_text(number_node(declaration.standard)));
  if (!parameter.standard_text.empty()) {
    value = declaration.standard;
  }
  add(key, std::move(parameter));
}

void ParameterCatalogue::whole(std::string_view key, std::uint64_t& value,
                               const Declaration& declaration) {
  check_declaration(declaration);
  EXPECT_CONTRACT(!declaration.may_be_infinite);
  DeclaredParameter parameter =
      declared("whole", declaration, compact_text(number_node(declaration.standard)));
  if (!parameter.standard_text.empty()) {
    value = static_cast<std::uint64_t>(declaration.standard);
  }
  add(key, std::move(parameter));
}

void ParameterCatalogue::flag(std::string_view key, bool& value, const Declaration& declaration) {
  check_declaration(declaration);
  DeclaredParameter parameter =
      declared("flag", declaration, declaration.standard != 0 ? "true" : "false");
  if (!parameter.standard_text.empty()) {
    value = declaration.standard != 0;
  }
  add(key, std::move(parameter));
}

void ParameterCatalogue::choice(std::string_view key, std::size_t& index,
                                std::span<const std::string_view> names,
                                const TextDeclaration& declaration) {
  DeclaredParameter parameter =
      declared("choice", declaration_of(declaration), json_quoted(declaration.standard));
  parameter.names.assign(names.begin(), names.end());
  if (!parameter.standard_text.empty()) {
    const auto standard = std::ranges::find(names, declaration.standard);
    EXPECT_CONTRACT(standard != names.end());
    index = static_cast<std::size_t>(standard - names.begin());
  }
  add(key, std::move(parameter));
}

void ParameterCatalogue::text(std::string_view key, std::string& value,
                              const TextDeclaration& declaration) {
  DeclaredParameter parameter =
      declared("text", declaration_of(declaration), json_quoted(declaration.standard));
  if (!parameter.standard_text.empty()) {
    value = declaration.standard;
  }
  add(key, std::move(parameter));
}

void ParameterCatalogue::begin(std::string_view key, std::string_view meaning) {
  const bool is_map = std::ranges::find(maps_, pointer_at(key)) != maps_.end();
  add(key, declared(is_map ? "map" : "object", meaning_only(meaning), "{}"));
  path_.push_back(pointer_at(key));
}

void ParameterCatalogue::end() {
  EXPECT_CONTRACT(!path_.empty());
  path_.pop_back();
}

bool ParameterCatalogue::has(std::string_view /*key*/) { return true; }

std::vector<std::string> ParameterCatalogue::entries(std::string_view key,
                                                     const std::vector<std::string>& examples) {
  maps_.push_back(pointer_at(key));
  return examples;
}

std::size_t ParameterCatalogue::begin_list(std::string_view key, std::string_view meaning) {
  add(key, declared("list", meaning_only(meaning), "[]"));
  path_.push_back(pointer_at(key));
  return 1;
}

void ParameterCatalogue::begin_item(std::size_t /*index*/) {
  EXPECT_CONTRACT(!path_.empty());
  path_.push_back(path_.back() + "/*");
}

void ParameterCatalogue::words(std::string_view key, std::vector<std::string>& value,
                               const std::vector<std::string>& standard, std::string_view meaning) {
  value = standard;
  add(key, declared("words", meaning_only(meaning), compact_text(list_node(standard))));
}

void ParameterCatalogue::numbers(std::string_view key, std::vector<double>& value,
                                 std::string_view meaning) {
  value.clear();
  add(key, declared("numbers", meaning_only(meaning), "[]"));
}

void ParameterCatalogue::rows(std::string_view key, std::vector<std::vector<Cell>>& value,
                              std::string_view meaning) {
  value.clear();
  add(key, declared("rows", meaning_only(meaning), "[]"));
}

void ParameterCatalogue::reject(std::string_view /*key*/, const std::string& /*message*/) {}

}  // namespace fingers
