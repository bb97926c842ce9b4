// Recorded quantities of derivatives (M5.5), of fixes that come down their lines (M6.5), and of who
// is first to a hole (M6.3).
#include "agents/quantities.hpp"
#include "agents/world.hpp"

namespace fingers {

namespace {

Quantity layer_panel(std::string name, std::string meaning, std::size_t layer,
                     double PanelOfLayer::* field) {
  Quantity quantity = count(std::move(name), std::move(meaning), nullptr);
  quantity.measure = [layer, field](const World& world) {
    return world.month.layer_panels[layer - 1].*field;
  };
  return quantity;
}

}  // namespace

void add_lineage_quantities(std::vector<Quantity>& list) {
  list.push_back(count("derivatives", "public derivatives published", &Month::derivatives));
  list.push_back(count("exploits", "attempts that attack deployments through a security flaw",
                       &Month::exploits));
  list.push_back(count("security_fixes",
                       "fixes published of security flaws in weights that are out",
                       &Month::security_fixes));
  list.push_back(level("learnt_open", "1/step",
                       "of these, times the private deployments still open when bad actors know",
                       [](const World& w) { return w.month.learnt_open; }));
  for (std::size_t layer = 1; layer <= kPanelLayers; ++layer) {
    const std::string name = "panel_layer_" + std::to_string(layer);
    list.push_back(layer_panel(
        name + "_fixes",
        "fixes of weights × deployments of the panel, for a derivative so many layers up", layer,
        &PanelOfLayer::fixes));
    list.push_back(layer_panel(name + "_taken_90d", "of these, taken within 90 days", layer,
                               &PanelOfLayer::taken_90d));
  }
}

}  // namespace fingers
