// The design of an experiment in a dataset file: the group /design (docs/data-dictionary.md).
#pragma once

#include "engine/design.hpp"
#include "engine/hdf5_handle.hpp"

namespace fingers {

/// Writes /design. Throws Hdf5Error.
void write_design(const Handle& file, const Design& design);

/// Reads it back, but for the ranges of factors and the replicates. Throws Hdf5Error.
Design read_design(const Handle& file);

}  // namespace fingers
