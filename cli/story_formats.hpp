// A story as text, JSON or one page.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/story.hpp"

namespace fingers {

struct ToldStory {
  Story story;
  std::optional<OtherStory> against;
  std::vector<RecordedEvent> catastrophes;  ///< all of the replicate
  std::string path;                         ///< of the results file
};

std::string text_of(const ToldStory& told);
std::string json_of(const ToldStory& told);
/// One self-contained page, light and dark, which can be printed.
std::string html_of(const ToldStory& told);

}  // namespace fingers
