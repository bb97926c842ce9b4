// Tested by tests/engine/dataset_tables_test.cpp.
#include "engine/dataset_columns.hpp"

#include <bit>

#include "engine/config_reader.hpp"
#include "engine/hdf5_read.hpp"

namespace fingers {

namespace {

std::string attribute_or(const Handle& object, const std::string& name, std::string otherwise) {
  return has_attribute(object, name) ? read_text_attribute(object, name) : std::move(otherwise);
}

/// A text of the tree of a document; empty where there is none.
std::string text_in(const Document& document, const std::string& pointer) {
  const std::string json = document.text_at(pointer).value_or("");
  return json.size() < 2 ? "" : json.substr(1, json.size() - 2);  // names need no escapes
}

/// Notes which dictionary each column of a list has.
void note_dictionaries(const Document& schema, const std::string& list, const std::string& group,
                       std::map<std::string, std::string>& dictionary_of) {
  for (std::size_t i = 0;; ++i) {
    const std::string column = list + "/" + std::to_string(i);
    const std::string name = text_in(schema, column + "/name");
    if (name.empty()) {
      return;
    }
    const std::string dictionary = text_in(schema, column + "/dictionary");
    if (!dictionary.empty()) {
      dictionary_of[std::string(group).append("/").append(name)] = dictionary;
    }
  }
}

std::map<std::string, std::string> read_dictionary_uses(const Handle& file) {
  const Loaded schema = parse_document(read_text(file, "schema_json"), "schema_json");
  if (!schema.mistakes.empty()) {
    throw Hdf5Error("'schema_json' is no JSON: " + to_text(schema.mistakes.front()));
  }
  std::map<std::string, std::string> uses;
  for (std::size_t i = 0;; ++i) {
    const std::string table = "/tables/" + std::to_string(i);
    const std::string name = text_in(schema.document, table + "/name");
    if (name.empty()) {
      break;
    }
    note_dictionaries(schema.document, table + "/columns", name, uses);
  }
  note_dictionaries(schema.document, "/series", "series", uses);
  note_dictionaries(schema.document, "/outcomes", "runs", uses);
  return uses;
}

}  // namespace

DatasetColumns::DatasetColumns(const Handle& file)
    : file_(file), dictionary_of_(read_dictionary_uses(file)) {
  const Handle group = open_group(file, "dictionaries");
  for (const auto& [column, dictionary] : dictionary_of_) {
    if (!names_.contains(dictionary)) {
      names_[dictionary] = read_texts(group, dictionary);
    }
  }
}

FoundColumn DatasetColumns::numbers(const std::string& group, const std::string& name) const {
  const Handle parent = open_group(file_, group);
  const Handle dataset = open_dataset(parent, name);
  FoundColumn found;
  found.about.name = name;
  found.about.type = column_type(dataset, name);
  found.about.unit = attribute_or(dataset, "units", "1");
  found.about.meaning = attribute_or(dataset, "long_name", name);
  const std::vector<std::string> meanings = words_of(attribute_or(dataset, "flag_meanings", ""));
  if (has_attribute(dataset, "flag_masks")) {
    found.about.flags = meanings;
  } else {
    found.names = meanings;
  }
  if (const auto use = dictionary_of_.find(group + "/" + name); use != dictionary_of_.end()) {
    found.about.dictionary = use->second;
    found.names = names_.at(use->second);
  }
  return found;
}

FoundColumn DatasetColumns::texts(const std::string& group, const std::string& name) const {
  const Handle dataset = open_dataset(open_group(file_, group), name);
  FoundColumn found;
  found.about.name = name;
  found.about.unit = attribute_or(dataset, "units", "1");
  found.about.meaning = attribute_or(dataset, "long_name", name);
  return found;
}

std::vector<FoundColumn> DatasetColumns::listed(const std::string& group) const {
  std::vector<FoundColumn> columns;
  for (const std::string& name :
       words_of(read_text_attribute(open_group(file_, group), "columns"))) {
    columns.push_back(numbers(group, name));
  }
  return columns;
}

std::vector<TableColumn> shown_columns(const FoundColumn& column, std::size_t values) {
  TableColumn shown;
  shown.unit = column.about.unit;
  shown.values = values;
  if (column.about.flags.empty()) {
    const bool is_category = !column.names.empty();
    shown.name = column.about.name;
    shown.kind = is_category ? CellKind::category : CellKind::number;
    shown.type = is_category ? "category" : type_name(column.about.type);
    shown.meaning = column.about.meaning;
    shown.names = column.names;
    return {shown};
  }
  std::vector<TableColumn> marks;
  for (std::size_t bit = 0; bit < column.about.flags.size(); ++bit) {
    shown.name = column.about.flags[bit];
    shown.kind = CellKind::flag;
    shown.type = "flag";
    shown.meaning = column.about.meaning + ": " + shown.name;
    shown.mask = std::uint64_t{1} << bit;
    marks.push_back(shown);
  }
  return marks;
}

}  // namespace fingers
