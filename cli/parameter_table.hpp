// The parameters of a results file as a table, from its provenance.
#pragma once

#include <string>

#include "engine/table_files.hpp"

namespace fingers {

/// A row for each parameter: pointer, value, unit, low, high, source, meaning. In CSV a value that
/// is a text stands bare, in JSON as JSON; any other is JSON in both. Throws InputError where the
/// provenance of `path` is no JSON.
TextTable parameter_table(const std::string& provenance, const std::string& path,
                          TableFormat format);

}  // namespace fingers
