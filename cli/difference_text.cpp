#include "cli/difference_text.hpp"

#include <fmt/format.h>

#include <bit>

#include "agents/story_words.hpp"
#include "cli/terminal.hpp"
#include "engine/config_reader.hpp"
#include "engine/json_text.hpp"

namespace fingers {

namespace {

constexpr std::size_t kMostInputs = 12;
constexpr std::size_t kMostFields = 12;
constexpr std::size_t kMostValueColumns = 40;
constexpr std::string_view kAbsent = "(none)";
constexpr std::string_view kNoRow = "has no such row";

void add_different(const std::map<std::string, std::string>& a,
                   const std::map<std::string, std::string>& b,
                   std::vector<std::array<std::string, 3>>& list) {
  const auto value = [](const std::map<std::string, std::string>& map, const std::string& name) {
    const auto found = map.find(name);
    return found == map.end() ? std::string(kAbsent) : found->second;
  };
  std::map<std::string, std::string> names = a;
  names.insert(b.begin(), b.end());
  for (const auto& [name, unused] : names) {
    if (value(a, name) != value(b, name)) {
      list.push_back({name, value(a, name), value(b, name)});
    }
  }
}

std::string shortened(const std::string& value) {
  if (columns_of(value) <= kMostValueColumns) {
    return value;
  }
  std::size_t end = kMostValueColumns - 1;
  while (end > 0 && columns_of(value.substr(end, 1)) == 0) {
    --end;  // no letter is cut in two
  }
  return value.substr(0, end) + "…";
}

std::string inputs_text(const Difference& d) {
  if (d.inputs.empty()) {
    return "Both have the same parameters, regime and seeds.\n";
  }
  std::string text = "Not the same in A and B:\n";
  for (std::size_t i = 0; i < d.inputs.size() && i < kMostInputs; ++i) {
    const auto& [name, a, b] = d.inputs[i];
    text += fmt::format("  {}\n    A {}\n    B {}\n", name, shortened(a), shortened(b));
  }
  if (d.inputs.size() > kMostInputs) {
    text += fmt::format("  and {} more (--format json lists all)\n", d.inputs.size() - kMostInputs);
  }
  return text;
}

/// "a3f… (uniform 0.25)": a word, and what it is as a share.
std::string word_text(std::uint64_t word) {
  return fmt::format("{:016x} (uniform {:.6f})", word, uniform_of_word(word));
}

std::string side_text(const std::optional<ToldDraw>& draw, std::size_t word) {
  return draw ? word_text(draw->words[word]) : "does not make it";
}

std::string bits_text(const PartedDraw& draw, std::size_t word) {
  if (!draw.a || !draw.b) {
    return "";
  }
  const int bits = std::popcount(draw.a->words[word] ^ draw.b->words[word]);
  return fmt::format("    {} of 64 bits differ\n", bits);
}

std::string draw_text(const Parting& parting) {
  const PartedDraw& draw = *parting.draw;
  const ToldDraw& told = draw.a ? *draw.a : *draw.b;
  std::string text = fmt::format(
      "First draw that parts\n"
      "  process  {} ({} stream)\n"
      "  agent    {}\n"
      "  draw     {}\n",
      told.process, told.stream, told.agent, told.draw);
  for (std::size_t word = 0; word < told.words.size(); ++word) {
    if (draw.a && draw.b && draw.a->words[word] == draw.b->words[word]) {
      continue;
    }
    text += fmt::format("  word {}\n    A {}\n    B {}\n", word, side_text(draw.a, word),
                        side_text(draw.b, word)) +
            bits_text(draw, word);
  }
  return text + fmt::format(
                    "  in all in this month: {} with other bits, {} that only A makes, {} that "
                    "only B makes\n",
                    parting.n_other_bits, parting.n_only_a, parting.n_only_b);
}

std::string fields_text(const Parting& parting) {
  if (parting.fields.empty()) {
    return "The state at the end of the month is the same: what was drawn decided nothing else.\n";
  }
  std::string text = "State at the end of the month (part, quantity, first row that parts)\n";
  for (std::size_t i = 0; i < parting.fields.size() && i < kMostFields; ++i) {
    const PartedField& f = parting.fields[i];
    text += fmt::format("  {} {} [{}]: A {}, B {}{}\n", f.part, f.name, f.row,
                        f.a.empty() ? kNoRow : f.a, f.b.empty() ? kNoRow : f.b,
                        f.n_rows > 1 ? fmt::format("; {} rows in all", f.n_rows) : "");
  }
  if (parting.fields.size() > kMostFields) {
    text += fmt::format("  and {} more (--format json lists all)\n",
                        parting.fields.size() - kMostFields);
  }
  return text;
}

std::string month_text_of(const Difference& d) {
  std::string text = fmt::format(
      "\nThey part in {} (month {}, counted from 0), found by {}.\n\n", month_words(d.month->year),
      d.month->month, d.by_stored_digests ? "the digests in the files" : "living both again");
  if (!d.parting) {
    return text + "Only one of them lives so long; until then they are the same.\n";
  }
  if (d.parting->draw) {
    text += draw_text(*d.parting);
  } else {
    text += "Every draw of the month is the same; what was made of them is not.\n";
  }
  return text + "\n" + fields_text(*d.parting);
}

std::string draw_json(const std::optional<ToldDraw>& draw) {
  return draw ? json_list({json_quoted(fmt::format("{:016x}", draw->words[0])),
                           json_quoted(fmt::format("{:016x}", draw->words[1]))})
              : "null";
}

std::string first_draw_json(const Parting& parting) {
  if (!parting.draw) {
    return "null";
  }
  const ToldDraw& told = parting.draw->a ? *parting.draw->a : *parting.draw->b;
  return JsonObject(JsonObject::Layout::line)
      .text("stream", told.stream)
      .text("process", told.process)
      .text("agent", told.agent)
      .text("identity", fmt::format("{:016x}", told.identity))
      .whole("step", told.step)
      .whole("draw", told.draw)
      .json("a", draw_json(parting.draw->a))
      .json("b", draw_json(parting.draw->b))
      .str();
}

std::string parting_json(const Parting& parting) {
  std::vector<std::string> fields;
  for (const PartedField& f : parting.fields) {
    fields.push_back(JsonObject(JsonObject::Layout::line)
                         .text("part", f.part)
                         .text("quantity", f.name)
                         .whole("row", f.row)
                         .whole("rows", f.n_rows)
                         .text("a", f.a)
                         .text("b", f.b)
                         .str());
  }
  return JsonObject(JsonObject::Layout::line)
      .json("first_draw", first_draw_json(parting))
      .whole("draws_with_other_bits", parting.n_other_bits)
      .whole("draws_only_in_a", parting.n_only_a)
      .whole("draws_only_in_b", parting.n_only_b)
      .json("state", json_list(fields))
      .str();
}

std::string month_json(const Difference& d) {
  if (!d.month) {
    return "null";
  }
  std::vector<std::string> parts;
  for (const std::string& part : d.month->parts) {
    parts.push_back(json_quoted(part));
  }
  return JsonObject(JsonObject::Layout::line)
      .whole("number", d.month->month)
      .text("date", month_text(d.month->year))
      .text("found_by", d.by_stored_digests ? "digests" : "replay")
      .json("parts", json_list(parts))
      .str();
}

}  // namespace

std::vector<std::array<std::string, 3>> different_inputs(const RunAccount& a, const RunAccount& b) {
  std::vector<std::array<std::string, 3>> list;
  add_different(a.about, b.about, list);
  add_different(a.parameters, b.parameters, list);
  return list;
}

std::string text_of(const Difference& d) {
  std::string text = fmt::format("A {}\nB {}\n\n{}", d.path_a, d.path_b, inputs_text(d));
  text += d.month ? month_text_of(d) : "\nThe two runs do not part: same draws, same state.\n";
  for (const std::string& warning : d.warnings) {
    text += "\n" + wrapped("Note: " + warning, 0);
  }
  return text;
}

std::string json_of(const Difference& d) {
  std::vector<std::string> inputs;
  for (const auto& [name, a, b] : d.inputs) {
    inputs.push_back(
        JsonObject(JsonObject::Layout::line).text("name", name).text("a", a).text("b", b).str());
  }
  std::vector<std::string> warnings;
  for (const std::string& warning : d.warnings) {
    warnings.push_back(json_quoted(warning));
  }
  return JsonObject(JsonObject::Layout::lines)
             .text("a", d.path_a)
             .text("b", d.path_b)
             .json("differs", d.month ? "true" : "false")
             .json("inputs", json_lines(inputs))
             .json("month", month_json(d))
             .json("parting", d.parting ? parting_json(*d.parting) : "null")
             .json("warnings", json_list(warnings))
             .str() +
         "\n";
}

}  // namespace fingers
