#include "cli/parameter_table.hpp"

#include "engine/config_reader.hpp"
#include "engine/store.hpp"

namespace fingers {

namespace {

/// The text at a key of the open object; empty where there is none.
std::string text_of(ParameterReader& reader, std::string_view key) {
  std::string text;
  reader.text(key, text, {.standard = {}, .meaning = {}, .optional = true});
  return text;
}

}  // namespace

TextTable parameter_table(const std::string& provenance, const std::string& path,
                          TableFormat format) {
  const Loaded loaded = parse_document(provenance, path + ":/provenance");
  if (!loaded.mistakes.empty()) {
    throw InputError("cannot read '" + path + "': " + to_text(loaded.mistakes.front()));
  }
  TextTable table("parameters");
  for (const std::string key : {"pointer", "value", "unit", "low", "high", "source", "meaning"}) {
    const bool is_json = key == "value" || key == "low" || key == "high";
    table.add_column(key, is_json ? CellKind::json : CellKind::text);
  }
  ParameterReader reader(loaded.document);
  const std::size_t n = reader.begin_list("parameters", {});
  for (std::size_t i = 0; i < n; ++i) {
    const std::string at = "/parameters/" + std::to_string(i) + "/";
    const auto json = [&](const std::string& key) {
      const std::string text = loaded.document.text_at(at + key).value_or("null");
      return text == "null" ? std::string() : text;
    };
    reader.begin_item(i);
    const bool is_bare = format == TableFormat::csv && json("value").starts_with('"');
    const std::string value = is_bare ? text_of(reader, "value") : json("value");
    table.add_row({text_of(reader, "pointer"), value, text_of(reader, "unit"), json("low"),
                   json("high"), text_of(reader, "source"), text_of(reader, "meaning")});
    reader.end();
  }
  reader.end();
  return table;
}

}  // namespace fingers
