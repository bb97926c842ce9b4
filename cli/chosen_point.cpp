#include "cli/chosen_point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/mistake.hpp"

namespace fingers {

std::string no_regime(const std::string& name, const Design& design) {
  std::vector<std::string> names;
  std::string list;
  for (const DesignPoint& point : design.points) {
    if (std::ranges::find(names, point.setting) == names.end()) {
      names.push_back(point.setting);
      list += (list.empty() ? "" : ", ") + point.setting;
    }
  }
  const std::string nearest = nearest_name(name, names);
  return fmt::format("the file has no regime \"{}\"{} (it has {})", name,
                     nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?", list);
}

std::optional<std::uint32_t> chosen_point(const std::optional<std::uint32_t>& number,
                                          const std::string& regime, const Design& design,
                                          std::string& mistake) {
  if (number) {
    if (*number < design.points.size()) {
      return number;
    }
    mistake = fmt::format("there is no point {}: the file has points 0 to {}", *number,
                          design.points.size() - 1);
    return std::nullopt;
  }
  std::vector<std::uint32_t> found;
  for (std::uint32_t p = 0; p < design.points.size(); ++p) {
    const DesignPoint& point = design.points[p];
    if (regime.empty() || point.setting == regime || point.name == regime) {
      found.push_back(p);
    }
  }
  if (found.size() == 1) {
    return found.front();
  }
  mistake = found.empty() ? no_regime(regime, design)
                          : fmt::format(
                                "{} points fit: say which with --regime NAME or --point P "
                                "({} is \"{}\", {} is \"{}\", …)",
                                found.size(), found[0], design.points[found[0]].name, found[1],
                                design.points[found[1]].name);
  return std::nullopt;
}

}  // namespace fingers
