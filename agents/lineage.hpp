// The models of a replicate as they are recorded where a config asks for it
// (docs/data-dictionary.md, /models and /model_forms): who made what from what, and how far out it
// was when.
#pragma once

#include <vector>

#include "engine/records.hpp"

namespace fingers {

struct World;

/// One row a model, at its number; its dictionaries are agent_kind, maker and form.
TableDeclaration model_table();
/// One row a change of form of a base; its dictionary is form.
TableDeclaration model_form_table();

/// All models of a world that has been lived, in the order of the declaration, rounded.
std::vector<ColumnData> model_columns(const World& world);
/// Their changes of form in order of time.
std::vector<ColumnData> model_form_columns(const World& world);

}  // namespace fingers
