// Dates, names and sums of money as a story says them. For story*.cpp only.
#pragma once

#include <string>
#include <string_view>

#include "agents/story_moment.hpp"

namespace fingers {

/// "2027-03".
std::string month_text(double year);
/// "March 2027".
std::string month_words(double year);
/// "$1.23 billion", of million dollars.
std::string money_words(double musd);
/// Rounded to some decimals, without trailing zeros.
std::string rounded_text(double x, int decimals);
/// "frontier lab 2".
std::string lab_name(const World& world, LabId lab);
/// Its name in the config, or "model 31".
std::string model_name(const World& world, ModelId model);
/// "developer 1234".
std::string agent_name(const World& world, AgentKind kind, std::uint32_t agent);
/// "as open weights".
std::string_view form_words(Form form);
/// "through weights that were out".
std::string_view route_words(Route route);
/// What a licence leaves its user: "irrevocable terms that forbid 2 % of honest uses".
std::string licence_words(const Licence& licence);

Fact number_fact(std::string_view name, double value);  ///< null where it is not finite
Fact text_fact(std::string_view name, std::string_view value);
Fact flag_fact(std::string_view name, bool value);
Fact date_fact(std::string_view name, double year);

}  // namespace fingers
