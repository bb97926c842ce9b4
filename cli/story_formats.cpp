#include "cli/story_formats.hpp"

#include <fmt/format.h>

#include "cli/terminal.hpp"

namespace fingers {

namespace {

constexpr std::size_t kSentenceIndent = 2;
/// CSS has the American spelling, which no word of ours has.
constexpr std::string_view kStyle =
    ":root{colo"
    "r-scheme:light dark}body{font:1.05rem/1.5 system-ui,sans-serif;max-width:44rem;"
    "margin:2rem auto;padding:0 1rem}ol{padding-left:1.4rem}li{margin:.5rem 0}"
    ".kind{font-size:.85rem;opacity:.75}@media print{body{margin:0}}";

std::string where_of(const ToldStory& told) {
  return fmt::format("event {} of replicate {} under {}", told.story.event.number,
                     told.story.replicate, told.story.point);
}

std::string list_text(const std::vector<Sentence>& sentences) {
  std::string text;
  for (const Sentence& sentence : sentences) {
    text += wrapped(sentence.text, kSentenceIndent);
  }
  return text;
}

std::string other_catastrophes(const ToldStory& told) {
  if (told.catastrophes.empty()) {
    return "No event of this replicate is a catastrophe.";
  }
  std::string text = "Catastrophes of this replicate:";
  for (const RecordedEvent& event : told.catastrophes) {
    text += fmt::format(" event {} ({});", event.number,
                        kEventKindNames[static_cast<std::size_t>(event.kind)]);
  }
  text.back() = '.';
  return text;
}

std::string against_heading(const OtherStory& other) {
  return "The same moment under " + other.point + ", with the same draws";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string list_html(const std::vector<Sentence>& sentences) {
  std::string html = "<ol>\n";
  for (const Sentence& sentence : sentences) {
    html += fmt::format("<li>{} <span class=\"kind\">({})</span></li>\n", escaped(sentence.text),
                        escaped(sentence.kind));
  }
  return html + "</ol>\n";
}

constexpr std::string_view kNotAForecast =
    "One run of many, told from its record: not a forecast, and no comparison of regimes; those "
    "need the whole ensemble.";

}  // namespace

std::string text_of(const ToldStory& told) {
  std::string text = told.story.title + " (" + where_of(told) + ")\n\n";
  text += list_text(told.story.sentences);
  if (told.against) {
    text += "\n" + against_heading(*told.against) + "\n\n" + list_text(told.against->compared);
  }
  return text + "\n" + wrapped(other_catastrophes(told), 0) + wrapped(kNotAForecast, 0);
}

std::string json_of(const ToldStory& told) {
  return story_json(told.story, told.against ? &*told.against : nullptr);
}

std::string html_of(const ToldStory& told) {
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n<style>{1}</style>\n"
      "<main>\n<h1>{0}</h1>\n<p>{2}</p>\n",
      escaped(told.story.title), kStyle, escaped(where_of(told)));
  html += list_html(told.story.sentences);
  if (told.against) {
    html += "<h2>" + escaped(against_heading(*told.against)) + "</h2>\n" +
            list_html(told.against->compared);
  }
  return html + fmt::format("<p>{}</p>\n<p>{}</p>\n</main>\n</html>\n",
                            escaped(other_catastrophes(told)), escaped(kNotAForecast));
}

}  // namespace fingers
